import { setTimeout as delay } from 'node:timers/promises';
import type { Destination, Envelope } from '@lyceum/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { Deps } from '../context';
import type { Queues } from '../queue/queues';
import { groupBy } from '../group-by';
import { setRelayWaker } from './outbox';
import { Pacing } from './pacing';

const batchSize = 4_000;
/** A batch costs its consumers some twenty statements, however many events are in it. */
const jobSize = 2_000;
/** How long a dispatched event may stay unacknowledged before an idle queue counts as having lost it. */
const lostAfterMs = 15_000;
const sweepEveryMs = 5_000;
/** While events keep coming, they gather for this long: a consumer's transaction costs little more for ten. */
const gatherMs = 15;
const afterFailureMs = 500;

/** What a consumer's queue carries: a batch of events and where to acknowledge them. */
export interface EventBatch {
  readonly producer: string;
  readonly outboxIds: readonly string[];
  readonly events: readonly Envelope[];
}

interface OutboxRow {
  id: string;
  destination: Destination;
  event_id: string;
  type: string;
  occurred_at: Date;
  request_id: string;
  payload: unknown;
}

export const eventQueue = (destination: Destination): string => `events-${destination}`;
export const ackQueue = (producer: string): string => `acks-${producer}`;

/**
 * Moves waiting events, up to `batchSize`, to their queues and returns how many. Safe in many processes at
 * once: rows are claimed with SKIP LOCKED, and released when this process dies before the commit, so an
 * event may be queued twice but never not at all. With nothing to move, it opens no transaction.
 */
export const relayOnce = async (
  deps: Pick<Deps, 'app' | 'dataSource' | 'queues'>,
  pacing = new Pacing(),
): Promise<number> => {
  const held = await pacing.held(deps.dataSource.manager);
  if (!(await isAnyWaiting(deps.dataSource, held))) return 0;
  return deps.dataSource.transaction(async (db) => {
    const rows = await claimWaiting(db, held);
    for (const [destination, waiting] of groupBy(rows, (row) => row.destination)) {
      await deps.queues.add(eventQueue(destination), toJobs(deps.app, waiting));
      pacing.note(destination, {
        lastId: waiting.at(-1)?.id ?? '',
        isFull: waiting.length >= jobSize,
      });
    }
    return rows.length;
  });
};

const isAnyWaiting = async (
  dataSource: DataSource,
  held: readonly Destination[],
): Promise<boolean> => {
  const [row] = await dataSource.query<{ isWaiting: boolean }[]>(
    `SELECT EXISTS (SELECT FROM outbox WHERE dispatched_at IS NULL AND destination <> ALL($1::text[])) AS "isWaiting"`,
    [held],
  );
  return row?.isWaiting === true;
};

const claimWaiting = (db: EntityManager, held: readonly Destination[]): Promise<OutboxRow[]> =>
  db.query(
    `WITH claimed AS (
       SELECT id FROM outbox WHERE dispatched_at IS NULL AND destination <> ALL($2::text[])
       ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
     ), dispatched AS (
       UPDATE outbox SET dispatched_at = now(), dispatches = dispatches + 1 FROM claimed
       WHERE outbox.id = claimed.id
       RETURNING outbox.id, destination, event_id, type, occurred_at, request_id, payload
     )
     SELECT * FROM dispatched ORDER BY id`,
    [batchSize, held],
  );

const toJobs = (
  producer: string,
  rows: readonly OutboxRow[],
): { name: string; data: EventBatch }[] => {
  const jobs = [];
  for (let start = 0; start < rows.length; start += jobSize) {
    const batch = rows.slice(start, start + jobSize);
    jobs.push({
      name: 'events',
      data: { producer, outboxIds: batch.map((row) => row.id), events: batch.map(toEnvelope) },
    });
  }
  return jobs;
};

const toEnvelope = (row: OutboxRow): Envelope => ({
  id: row.event_id as Envelope['id'],
  type: row.type,
  occurredAt: row.occurred_at.toISOString(),
  requestId: row.request_id,
  payload: row.payload,
});

/** Consumers say what has taken effect; only then is an event forgotten here. */
export const acknowledge = async (
  db: EntityManager,
  outboxIds: readonly string[],
): Promise<void> => {
  await db.query('DELETE FROM outbox WHERE id = ANY($1)', [outboxIds]);
};

/**
 * Sends again what a queue has lost (a Redis without its last second, a flushed server): rows long
 * dispatched, not acknowledged, whose queue has nothing left to do. Consumers drop what they know.
 */
export const resendLost = async (dataSource: DataSource, queues: Queues): Promise<number> => {
  const overdue = await dataSource.query<{ destination: Destination }[]>(
    `SELECT DISTINCT destination FROM outbox WHERE dispatched_at < now() - $1 * interval '1 ms'`,
    [lostAfterMs],
  );
  let lost = 0;
  for (const { destination } of overdue) {
    if ((await queues.backlog(eventQueue(destination))) > 0) continue;
    const [, count] = await dataSource.query<[unknown, number]>(
      `UPDATE outbox SET dispatched_at = NULL WHERE destination = $1 AND dispatched_at < now() - $2 * interval '1 ms'`,
      [destination, lostAfterMs],
    );
    lost += count;
  }
  return lost;
};

export interface Relay {
  /** Ends after the batch under way. */
  close(): Promise<void>;
}

/**
 * Relays until closed: at once when woken by a commit in this process after a quiet moment, else by polling,
 * more and more slowly, up to `idleMs`, while there is nothing to do. A failure is logged and tried again.
 */
export const startRelay = (deps: Deps, options: { idleMs?: number } = {}): Relay => {
  const idleMs = options.idleMs ?? 50;
  const nap = new Nap();
  const pacing = new Pacing();
  let isClosed = false;
  let nextSweepMs = Date.now() + sweepEveryMs;
  setRelayWaker(deps.dataSource, () => nap.wake());

  const sweep = async (): Promise<void> => {
    if (Date.now() < nextSweepMs) return;
    nextSweepMs = Date.now() + sweepEveryMs;
    const lost = await resendLost(deps.dataSource, deps.queues);
    if (lost > 0) deps.log.warn({ lost }, 'outbox.resent');
  };
  const run = async (): Promise<void> => {
    let waitMs = 1;
    while (!isClosed) {
      nap.begin();
      try {
        const moved = await relayOnce(deps, pacing);
        if (moved < batchSize) await sweep();
        waitMs = moved === 0 ? Math.min(waitMs * 2, idleMs) : 1;
        if (moved === batchSize) continue;
        if (moved > 0 || pacing.isHolding) await delay(gatherMs);
        else await nap.take(waitMs);
      } catch (error) {
        deps.log.error({ err: error }, 'outbox.relay-failed');
        await delay(afterFailureMs);
      }
    }
  };
  const running = run();

  return {
    async close() {
      isClosed = true;
      setRelayWaker(deps.dataSource, undefined);
      nap.wake();
      await running;
    },
  };
};

/** A wait that a commit ends early, also one that came after `begin` and before the wait. */
class Nap {
  private isWoken = false;
  private end: (() => void) | undefined;

  begin(): void {
    this.isWoken = false;
  }

  wake(): void {
    this.isWoken = true;
    this.end?.();
  }

  take(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.isWoken ? 0 : ms);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
