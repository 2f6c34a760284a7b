import fc from 'fast-check';
import { toActivity } from '../activity/to-activity';
import { aHistory, communityId } from '../points/history.arbitrary';
import {
  inBatches,
  openPointsWorld,
  sorted,
  usual,
  type PointsWorld,
} from '../points/points-world.factory';
import { entriesOf, totalsOf } from '../rules';
import { dumpProjections } from './dump.factory';
import { replayAll } from './replay-all';

let points: PointsWorld;
const [log = []] = fc.sample(aHistory({ things: 300 }), { numRuns: 1, seed: 5 });
beforeAll(async () => {
  points = await openPointsWorld();
});
beforeEach(() => points.forgetAll());
afterAll(() => points.world.close());

it('repairs what is wrong in any way, and goes on where it was stopped', async () => {
  const { db } = points.world;
  await points.receive([usual.founded], ...inBatches(log, [100]));
  const live = await dumpProjections(db);
  await db.query(`UPDATE member_standing SET total = total + 7`);
  await db.query(`DELETE FROM member_day WHERE day > (SELECT min(day) FROM member_day)`);
  await db.query(
    `UPDATE point_entry SET points = points + 1, id = gen_random_uuid() WHERE kind = 'award'`,
  );

  const done: number[] = [];
  const run = (goesOn: boolean, stopAfter: number) =>
    replayAll(db, communityId, {
      ...{ goesOn, thingsAtOnce: 20 },
      progress: ({ done: now }) => {
        done.push(now);
        if (done.length === stopAfter) throw new Error('stopped');
      },
    });
  await expect(run(false, 3)).rejects.toThrow('stopped');
  const stoppedAt = done.at(-1) ?? 0;
  expect(await dumpProjections(db)).not.toEqual(live);
  await run(true, 0);
  expect(done[3]).toBeGreaterThan(stoppedAt); // nothing was done twice
  expect(await dumpProjections(db)).toEqual(live);
  await expect(run(true, done.length + 1)).rejects.toThrow('stopped'); // all of it again
  expect(done.at(-1)).toBeLessThanOrEqual(stoppedAt);
}, 60_000);

it('lets live work go on: activity that arrives while it runs is judged once, whoever comes first', async () => {
  const { db } = points.world;
  const half = Math.floor(log.length / 2);
  await points.receive([usual.founded], ...inBatches(log.slice(0, half), [50]));
  const arriving = inBatches(log.slice(half), [25]);
  const deliveries: Promise<void>[] = [];
  await replayAll(db, communityId, {
    thingsAtOnce: 20,
    progress: () => {
      const batch = arriving.shift();
      if (batch !== undefined) deliveries.push(points.deliver(batch));
    },
  });
  expect(deliveries.length).toBeGreaterThan(3);
  await Promise.all([...deliveries, ...arriving.map((batch) => points.deliver(batch))]);
  await points.settle();

  const expected = entriesOf(usual.book, log.map(toActivity));
  expect(await points.totals()).toEqual(sorted(totalsOf(expected)));
  expect(await points.entries()).toEqual(expected.map((entry) => ({ ...entry, communityId })));
  const live = await dumpProjections(db);
  await replayAll(db, communityId);
  expect(await dumpProjections(db)).toEqual(live);
}, 60_000);

it('makes the one transaction of a member with more things than fit', async () => {
  await points.receive([usual.founded], ...inBatches(log, [100]));
  const live = await dumpProjections(points.world.db);
  let transactions = 0;
  await replayAll(points.world.db, communityId, {
    thingsAtOnce: 1,
    progress: () => void (transactions += 1),
  });
  const members = await points.world.db.query<unknown[]>('SELECT FROM member_standing');
  expect(transactions).toBe(members.length);
  expect(await dumpProjections(points.world.db)).toEqual(live);
}, 60_000);
