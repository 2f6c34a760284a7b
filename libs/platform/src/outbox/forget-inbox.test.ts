import { newId } from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { forgetInbox } from './forget-inbox.job';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld({ app: 'test', database: { entities: [], migrations: [] } });
});
afterAll(() => world.close());

it('forgets what was consumed a month ago, and nothing younger', async () => {
  world.setNow('2026-03-31T00:00:00Z');
  await world.db.query(
    `INSERT INTO inbox (consumer, event_id, consumed_at)
     SELECT 'old', gen_random_uuid(), '2026-02-28T00:00:00Z' FROM generate_series(1, 25000)`,
  );
  await world.db.query(
    `INSERT INTO inbox (consumer, event_id, consumed_at) VALUES ('young', $1, '2026-03-02T00:00:00Z')`,
    [newId()],
  );

  const signal = AbortSignal.timeout(10_000);
  await forgetInbox('test').run({ deps: world.deps, ctx: world.as(null), signal }, {});

  const left = await world.db.query('SELECT consumer, count(*)::int AS n FROM inbox GROUP BY 1');
  expect(left).toEqual([{ consumer: 'young', n: 1 }]);
});
