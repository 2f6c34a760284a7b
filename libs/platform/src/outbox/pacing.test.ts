import { newId } from '@lyceum/contracts';
import { testDatabase, type TestDatabase } from '@lyceum/testing';
import type { AppDatabase } from '../app';
import { Pacing } from './pacing';

/*
 * How events gather, by example: batches to `payments` are told to the pacing, and acknowledged by
 * deleting their rows, as the outbox does.
 */

const nothingElse: AppDatabase = { entities: [], migrations: [] };
let database: TestDatabase;
let nowMs: number;
let pacing: Pacing;

beforeAll(async () => {
  database = await testDatabase(nothingElse);
});
afterAll(() => database.drop());
beforeEach(() => {
  nowMs = 0;
  pacing = new Pacing(() => nowMs, 100);
});

const held = () => pacing.held(database.dataSource.manager);

/** The id of an event's row in the outbox. */
const anEvent = async (): Promise<string> => {
  const [row] = await database.dataSource.query<{ id: string }[]>(
    `INSERT INTO outbox (destination, event_id, type, occurred_at, request_id, payload)
     VALUES ('payments', $1, 'x.y.z.v1', now(), 'r', '{}') RETURNING id`,
    [newId()],
  );
  return row?.id ?? '';
};

const sendBatch = async ({ isFull = false } = {}): Promise<string> => {
  const lastId = await anEvent();
  pacing.note('payments', { lastId, isFull });
  return lastId;
};

const acknowledge = (id: string) =>
  database.dataSource.query('DELETE FROM outbox WHERE id = $1', [id]);

it('sends at once while there is little under way', async () => {
  expect(await held()).toEqual([]);
  await sendBatch();
  expect(await held()).toEqual([]);
});

it('holds a destination with two batches under way, until the first has taken effect', async () => {
  const first = await sendBatch();
  await sendBatch();
  expect(await held()).toEqual(['payments']);
  expect(pacing.isHolding).toBe(true);

  await acknowledge(first);
  expect(await held()).toEqual([]);
  expect(pacing.isHolding).toBe(false);
});

it('holds no longer than it may, whatever the consumer does', async () => {
  await sendBatch();
  await sendBatch();
  nowMs = 99;
  expect(await held()).toEqual(['payments']);
  nowMs = 100;
  expect(await held()).toEqual([]);
});

it('never holds a stream of full batches', async () => {
  await sendBatch({ isFull: true });
  await sendBatch({ isFull: true });
  expect(await held()).toEqual([]);
});

it('holds one destination without another', async () => {
  await sendBatch();
  await sendBatch();
  pacing.note('content', { lastId: await anEvent(), isFull: false });
  expect(await held()).toEqual(['payments']);
});
