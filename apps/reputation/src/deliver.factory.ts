import {
  CommunityChanged,
  CommunityCreated,
  eventTypeNamed,
  importedId,
  newId,
  type CommunityId,
  type Envelope,
  type EventId,
  type EventType,
} from '@lyceum/contracts';
import { query } from './sql';
import { inTransaction, serviceContext, type Consumer, type Deps } from '@lyceum/platform';

/** An event as a queue would deliver it. */
export const anEvent = <Payload>(
  type: EventType<string, Payload>,
  payload: Payload,
  told: { id?: EventId; occurredAt?: Date | string } = {},
): Envelope => ({
  id: told.id ?? newId<'Event'>(),
  type: type.name,
  occurredAt: new Date(told.occurredAt ?? '2021-05-01T12:00:00Z').toISOString(),
  requestId: 'test',
  payload: type.payload.parse(payload),
});

export const communityCreated = (
  communityId: CommunityId,
  told: { preset?: string; parameters?: Record<string, number>; timeZone?: string } = {},
): Envelope =>
  anEvent(
    CommunityCreated,
    {
      communityId,
      slug: 'test',
      name: 'Test',
      timeZone: told.timeZone ?? 'UTC',
      rules: { preset: told.preset ?? 'stack-exchange', parameters: told.parameters ?? {} },
    },
    { id: importedId('event', communityId), occurredAt: '2021-01-01T00:00:00Z' },
  );

export const communityChanged = (
  communityId: CommunityId,
  told: { version?: number; visibility?: 'public' | 'private'; timeZone?: string },
): Envelope =>
  anEvent(CommunityChanged, {
    ...{ communityId, version: 1, slug: 'test', visibility: 'public', timeZone: 'UTC' },
    ...told,
  });

/**
 * Hands events to consumers as a worker does: one transaction a consumer and batch, inbox included.
 * What the consumers emit is handed on, as the relay would do it.
 */
export const deliver = async (
  deps: Deps,
  consumers: readonly Consumer[],
  events: readonly Envelope[],
): Promise<void> => {
  for (const consumer of consumers) {
    const names = new Set(consumer.types.map((type) => type.name));
    const wanted = events.filter((event) => names.has(event.type));
    if (wanted.length === 0) continue;
    await inTransaction(serviceContext(deps, 'test'), async (tx) => {
      const rows = await query<{ event_id: EventId }>(
        tx.db,
        `INSERT INTO inbox (consumer, event_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id`,
        [consumer.name, [...new Set(wanted.map(({ id }) => id))].sort()],
      );
      const fresh = new Set(rows.map((row) => row.event_id));
      const batch = wanted.filter(({ id }) => fresh.delete(id));
      if (batch.length > 0) await consumer.handle(tx, batch);
    });
  }
};

/** Delivers what waits in the outbox until nothing does. */
export const settle = async (deps: Deps, consumers: readonly Consumer[]): Promise<void> => {
  for (;;) {
    const rows = await query<OutboxRow>(
      deps.dataSource.manager,
      'SELECT id, event_id, type, occurred_at, request_id, payload FROM outbox ORDER BY id LIMIT 500',
    );
    if (rows.length === 0) return;
    await deliver(
      deps,
      consumers,
      rows.map((row) => ({
        id: row.event_id,
        type: row.type,
        occurredAt: row.occurred_at.toISOString(),
        requestId: row.request_id,
        payload: eventTypeNamed(row.type)?.payload.parse(row.payload),
      })),
    );
    await deps.dataSource.query('DELETE FROM outbox WHERE id = ANY($1)', [
      rows.map(({ id }) => id),
    ]);
  }
};

interface OutboxRow {
  id: string;
  event_id: EventId;
  type: string;
  occurred_at: Date;
  request_id: string;
  payload: unknown;
}
