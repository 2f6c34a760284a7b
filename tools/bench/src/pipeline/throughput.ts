import { eventTypeNamed, type Envelope } from '@lyceum/contracts';
import {
  inTransaction,
  isCaughtUp,
  serviceContext,
  startAcknowledgements,
  startConsumers,
  startRelay,
  type Consumer,
  type Deps,
  type QueueServer,
} from '@lyceum/platform';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import * as reputation from '@lyceum/reputation/app';
import { compared, type Figure } from '../figures';
import { aCrowd, fillOutbox, openWorld } from './world';

const members = 500;
const oursEvents = 8_000;
const peerEvents = 1_000;

/** Events a second from a full outbox to points, metrics left out, both ways on the same queue server. */
export const runThroughputBench = async (
  postgres: EmbeddedPostgres,
  options: { rounds: number; queue: string; queueServer?: QueueServer },
): Promise<readonly Figure[]> => {
  const rounds = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const ours = await batched(postgres, options.queueServer);
    const peer = await oneJobAnEvent(postgres, options.queueServer);
    rounds.push({ ours, peer });
  }
  return [
    compared(
      {
        name: `event pipeline on ${options.queue} ÷ one job an event, same SQL`,
        unit: 'events/s',
        atLeast: 8,
      },
      rounds,
    ),
  ];
};

const batched = async (postgres: EmbeddedPostgres, queueServer?: QueueServer): Promise<number> => {
  const world = await openWorld(postgres, queueServer);
  await fillOutbox(world.producer, aCrowd(members), oursEvents);
  const { consumers } = reputation.createApp(world.consumer);
  const startedAt = performance.now();
  const parts = [
    startRelay(world.producer),
    startAcknowledgements(world.producer),
    startConsumers(world.consumer, 'reputation-incentives', consumers),
  ];
  await until(() => isCaughtUp(world.producer.dataSource));
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all(parts.map((part) => part.close()));
  await world.close();
  return oursEvents / seconds;
};

/** The usual way: a job an event, eight at a time, each doing in a transaction what a batch does in one. */
const oneJobAnEvent = async (
  postgres: EmbeddedPostgres,
  queueServer?: QueueServer,
): Promise<number> => {
  const world = await openWorld(postgres, queueServer);
  await fillOutbox(world.producer, aCrowd(members), peerEvents);
  const { consumers } = reputation.createApp(world.consumer);
  const events = await waitingEvents(world.producer);
  let done = 0;
  const startedAt = performance.now();
  const worker = world.consumer.queues.work<Envelope>(
    'peer',
    async ({ data }) => {
      await consumeOne(world.consumer, consumers, data);
      done += 1;
    },
    { concurrency: 8 },
  );
  for (let start = 0; start < events.length; start += 250) {
    const chunk = events.slice(start, start + 250);
    await world.consumer.queues.add(
      'peer',
      chunk.map((data) => ({ name: 'event', data })),
    );
  }
  await until(() => Promise.resolve(done >= events.length));
  const seconds = (performance.now() - startedAt) / 1000;
  await worker.close();
  await world.close();
  return events.length / seconds;
};

const consumeOne = async (
  deps: Deps,
  consumers: readonly Consumer[],
  raw: Envelope,
): Promise<void> => {
  const event = { ...raw, payload: eventTypeNamed(raw.type)?.payload.parse(raw.payload) };
  for (const consumer of consumers) {
    if (!consumer.types.some(({ name }) => name === event.type)) continue;
    await inTransaction(serviceContext(deps, 'bench'), async (tx) => {
      await tx.db.query('INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)', [
        consumer.name,
        event.id,
      ]);
      await consumer.handle(tx, [event]);
    });
  }
};

const waitingEvents = async (producer: Deps): Promise<readonly Envelope[]> => {
  const rows = await producer.dataSource.query<
    (Omit<Envelope, 'occurredAt'> & { occurredAt: Date })[]
  >(
    `SELECT event_id AS id, type, occurred_at AS "occurredAt", request_id AS "requestId", payload
     FROM outbox WHERE destination = 'reputation-incentives' ORDER BY id`,
  );
  return rows.map((row) => ({ ...row, occurredAt: row.occurredAt.toISOString() }));
};

const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 5));
};
