import { emptyDatabase } from '@lyceum/testing';
import { migrate, openDatabase } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import { breather, deadLetters, untilCaughtUp } from './caught-up';
import { silentProgress } from './progress';

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let source: DataSource;

beforeAll(async () => {
  database = await emptyDatabase();
  source = await openDatabase({ url: database.url, entities: [], migrations: [] });
  await migrate(source);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});
beforeEach(() => source.query('DELETE FROM outbox'));

const tell = (count: number) =>
  source.query(
    `INSERT INTO outbox (destination, event_id, type, occurred_at, request_id, payload)
     SELECT 'content', gen_random_uuid(), 'x', now(), 'r', '{}' FROM generate_series(1, $1)`,
    [count],
  );
const consume = (count: number) =>
  source.query('DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT $1)', [
    count,
  ]);
const outboxes = () => ({ identity: source, content: source, reputation: source });

/** Whether it settles while nothing else happens. */
const isSettled = async (waiting: Promise<void>): Promise<boolean> => {
  const pending = Symbol('pending');
  const looks = source.query('SELECT pg_sleep(0.4)').then(() => pending);
  return (await Promise.race([waiting, looks])) !== pending;
};

describe('untilCaughtUp', () => {
  it('waits for what was told before, and not for what others tell meanwhile', async () => {
    await tell(3);
    const waiting = untilCaughtUp(outboxes(), silentProgress);
    expect(await isSettled(waiting)).toBe(false);
    await tell(2);
    await consume(3);
    await consume(2); // told before the last part began to wait
    await waiting;
    await tell(1);
    await consume(1);
  });

  it('gives up when nobody takes anything, and says so', async () => {
    await tell(3);
    await expect(untilCaughtUp(outboxes(), silentProgress, { stallMs: 300 })).rejects.toThrow(
      /6 events wait and nobody takes them: is the platform running/,
    );
  });
});

describe('a breather', () => {
  it('lets an import run on until too much waits, and again when half of it is done', async () => {
    const breathe = () => breather(source, { most: 10 })();
    await tell(10);
    await breathe();
    await tell(1);
    const waiting = breathe();
    expect(await isSettled(waiting)).toBe(false);
    await consume(6);
    await waiting;
  });
});

it('counts the events that consumers gave up on', async () => {
  expect(await deadLetters([source, source])).toBe(0);
  await source.query(
    `INSERT INTO dead_letter (consumer, event_id, envelope, error) VALUES ('c', gen_random_uuid(), '{}', 'e')`,
  );
  expect(await deadLetters([source, source])).toBe(2);
});
