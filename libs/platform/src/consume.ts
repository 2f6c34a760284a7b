import {
  envelope,
  eventTypeNamed,
  routes,
  type Destination,
  type Envelope,
  type EventType,
  type PayloadOf,
} from '@lyceum/contracts';
import { serviceContext, type Deps, type Tx } from './context';
import { ackQueue, acknowledge, eventQueue, type EventBatch } from './outbox/relay';
import { inTransaction, sqlState } from './use-case';
import type { QueueWorker, RunningJob } from './queue/queues';

/** An envelope of one of these event types, payload and all. */
export type EventOf<Types extends readonly EventType[]> = {
  [K in keyof Types]: Envelope<PayloadOf<Types[K]>> & { readonly type: Types[K]['name'] };
}[number];

export interface Consumer {
  readonly name: string;
  readonly destination: Destination;
  readonly types: readonly EventType[];
  readonly handle: (tx: Tx, events: readonly Envelope[]) => Promise<void>;
}

/**
 * When these happened, do that. The handler gets the events of a batch that it has not had before, in
 * one transaction with the inbox rows that say so: an event takes effect exactly once, however often it
 * is delivered. Batches come in any order, so the result must depend on the set of events alone.
 */
export const consume = <const Types extends readonly EventType[]>(definition: {
  readonly name: string;
  readonly destination: Destination;
  readonly types: Types;
  readonly handle: (tx: Tx, events: readonly EventOf<Types>[]) => Promise<void>;
}): Consumer => ({
  ...definition,
  // Only events of the declared types reach the handler, parsed by their own schemas.
  handle: (tx, events) => definition.handle(tx, events as unknown as readonly EventOf<Types>[]),
});

/** Fails the boot when a route has no consumer, or a consumer no route. */
export const assertRoutes = (destination: Destination, consumers: readonly Consumer[]): void => {
  const routed = [...routes]
    .filter(([, to]) => to.includes(destination))
    .map(([type]) => type.name);
  const consumed = consumers
    .filter((c) => c.destination === destination)
    .flatMap((c) => c.types.map((t) => t.name));
  const missing = routed.filter((name) => !consumed.includes(name));
  const unrouted = consumed.filter((name) => !routed.includes(name));
  if (missing.length > 0)
    throw new Error(`No consumer at ${destination} for: ${missing.join(', ')}`);
  if (unrouted.length > 0)
    throw new Error(`No route to ${destination} for: ${unrouted.join(', ')}`);
};

/** After so many failures of a batch its events are tried one by one, to find the poisonous one. */
const attemptsTogether = 3;

/** Starts to consume what is routed to one destination; so many batches at once, one by default. */
export const startConsumers = (
  deps: Deps,
  to: Destination | { readonly destination: Destination; readonly concurrency: number },
  consumers: readonly Consumer[],
): QueueWorker => {
  const { destination, concurrency } =
    typeof to === 'string' ? { destination: to, concurrency: 1 } : to;
  assertRoutes(destination, consumers);
  const own = consumers.filter((consumer) => consumer.destination === destination);
  return deps.queues.work<EventBatch>(
    eventQueue(destination),
    async (job) => {
      await consumeBatch(deps, own, job);
      await deps.queues.add(ackQueue(job.data.producer), [
        { name: 'ack', data: { outboxIds: job.data.outboxIds } },
      ]);
    },
    { concurrency },
  );
};

/** Starts to forget, in the producer's outbox, what consumers have acknowledged. */
export const startAcknowledgements = (deps: Deps): QueueWorker =>
  deps.queues.work<{ outboxIds: readonly string[] }>(
    ackQueue(deps.app),
    (job) => acknowledge(deps.dataSource.manager, job.data.outboxIds),
    { concurrency: 4 },
  );

const consumeBatch = async (
  deps: Deps,
  consumers: readonly Consumer[],
  job: RunningJob<EventBatch>,
): Promise<void> => {
  const startedAt = performance.now();
  const events = job.data.events.map(parseEvent);
  for (const consumer of consumers) {
    const names = new Set(consumer.types.map((type) => type.name));
    const wanted = events.filter((event) => names.has(event.type));
    if (wanted.length === 0) continue;
    try {
      await consumeTogether(deps, consumer, wanted);
    } catch (error) {
      if (isOutage(error) || job.attempt < attemptsTogether) throw error;
      await consumeOneByOne(deps, consumer, wanted);
    }
  }
  const durationMs = Math.round(performance.now() - startedAt);
  deps.log.info(
    {
      producer: job.data.producer,
      events: events.length,
      attempt: job.attempt,
      durationMs,
      requestId: events[0]?.requestId,
    },
    'events.consumed',
  );
};

const consumeTogether = (
  deps: Deps,
  consumer: Consumer,
  events: readonly Envelope[],
): Promise<void> =>
  inTransaction(serviceContext(deps, events[0]?.requestId ?? '-'), async (tx) => {
    const fresh = await recordInInbox(tx, consumer.name, events);
    if (fresh.length > 0) await consumer.handle(tx, fresh);
  });

const consumeOneByOne = async (
  deps: Deps,
  consumer: Consumer,
  events: readonly Envelope[],
): Promise<void> => {
  for (const event of events) {
    try {
      await consumeTogether(deps, consumer, [event]);
    } catch (error) {
      if (isOutage(error)) throw error;
      await bury(deps, consumer.name, { event, error });
    }
  }
};

/** The events among these that this consumer has not had yet. Sorted, so that two batches cannot deadlock. */
const recordInInbox = async (
  tx: Tx,
  consumer: string,
  events: readonly Envelope[],
): Promise<readonly Envelope[]> => {
  const ids = [...new Set(events.map((event) => event.id))].sort();
  const rows = await tx.db.query<{ event_id: string }[]>(
    `INSERT INTO inbox (consumer, event_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id`,
    [consumer, ids],
  );
  const fresh = new Set(rows.map((row) => row.event_id));
  return events.filter((event) => fresh.delete(event.id));
};

/** Reads an event off the wire. Throws for a type or a shape that contracts doesn't know. */
const parseEvent = (raw: unknown): Envelope => {
  const event = envelope.parse(raw);
  const type = eventTypeNamed(event.type);
  if (type === undefined) throw new Error(`unknown event type ${event.type}`);
  return { ...event, payload: type.payload.parse(event.payload) };
};

const bury = async (
  deps: Deps,
  consumer: string,
  failure: { event: Envelope; error: unknown },
): Promise<void> => {
  const { event, error } = failure;
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await deps.dataSource.query(
    `INSERT INTO dead_letter (consumer, event_id, envelope, error) VALUES ($1, $2, $3, $4)
     ON CONFLICT (consumer, event_id) DO UPDATE SET error = excluded.error, failed_at = now()`,
    [consumer, event.id, JSON.stringify(event), reason],
  );
  deps.log.error(
    { err: error, consumer, eventId: event.id, type: event.type },
    'event.dead-lettered',
  );
};

/** A fault of the surroundings, not of the event: the batch waits for better times, however long. */
const isOutage = (error: unknown): boolean => {
  const state = sqlState(error);
  return (
    /^(08|53|57P|40)/.test(state) ||
    /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)/.test(state) ||
    (error instanceof Error &&
      /connection (terminated|timeout|ended)|Cannot use a pool|timeout exceeded/i.test(
        error.message,
      ))
  );
};

/** Consumes every dead letter again; those that fail stay. For `npm run replay` after a fix. */
export const replayDeadLetters = async (
  deps: Deps,
  consumers: readonly Consumer[],
): Promise<{ replayed: number; failed: number }> => {
  const letters = await deps.dataSource.query<
    {
      consumer: string;
      envelope: unknown;
    }[]
  >('SELECT consumer, envelope FROM dead_letter ORDER BY failed_at');
  let failed = 0;
  for (const letter of letters) {
    const consumer = consumers.find(({ name }) => name === letter.consumer);
    const event = parseEvent(letter.envelope);
    try {
      if (consumer === undefined)
        throw new Error(`there is no consumer ${letter.consumer} any more`);
      await consumeTogether(deps, consumer, [event]);
      await deps.dataSource.query('DELETE FROM dead_letter WHERE consumer = $1 AND event_id = $2', [
        consumer.name,
        event.id,
      ]);
    } catch (error) {
      failed += 1;
      await bury(deps, letter.consumer, { event, error });
    }
  }
  return { replayed: letters.length - failed, failed };
};
