import { destinationsOf, newId, type EventId, type EventType } from '@lyceum/contracts';
import type { DataSource, EntityManager } from 'typeorm';

/** An event that the current transaction will write. */
export interface PendingEvent {
  /** Given where the event must be the same however often it is made, as in an import; else a new one. */
  readonly id?: EventId;
  readonly type: EventType;
  readonly payload: unknown;
  readonly occurredAt: Date;
  readonly requestId: string;
}

/** Writes a row per event and destination, all in one statement. Events nobody consumes leave no row. */
export const writeOutbox = async (
  db: EntityManager,
  events: readonly PendingEvent[],
): Promise<void> => {
  const rows = events.flatMap((event) => {
    const eventId = event.id ?? newId<'Event'>();
    return destinationsOf(event.type).map((destination) => ({
      destination,
      event_id: eventId,
      type: event.type.name,
      occurred_at: event.occurredAt.toISOString(),
      request_id: event.requestId,
      payload: event.payload,
    }));
  });
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO outbox (destination, event_id, type, occurred_at, request_id, payload)
     SELECT destination, event_id, type, occurred_at, request_id, payload
     FROM json_to_recordset($1::json)
       AS row (destination text, event_id uuid, type text, occurred_at timestamptz, request_id text, payload jsonb)`,
    [JSON.stringify(rows)],
  );
};

const wakers = new WeakMap<DataSource, () => void>();

/** Lets a commit in this process wake the relay of its database, which then need not wait for its next poll. */
export const setRelayWaker = (dataSource: DataSource, wake: (() => void) | undefined): void => {
  if (wake === undefined) wakers.delete(dataSource);
  else wakers.set(dataSource, wake);
};

export const wakeRelay = (dataSource: DataSource): void => wakers.get(dataSource)?.();
