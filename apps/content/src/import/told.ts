import type { EventId, EventType } from '@lyceum/contracts';
import type { PendingEvent } from '@lyceum/platform';

/** What the outcome of an insert tells of one row that was really inserted. */
export interface ToldRow {
  readonly event_id: EventId;
  readonly created_at: Date;
}

/** The event of a row, dated as the source dates it. */
export const told = <Payload>(
  type: EventType<string, Payload>,
  { row, requestId }: { row: ToldRow; requestId: string },
  payload: Payload,
): PendingEvent => ({
  id: row.event_id,
  type,
  payload: type.payload.parse(payload),
  occurredAt: row.created_at,
  requestId,
});

/**
 * SQL: which kind of post each `input` row is about, who wrote it, and whether a vote of the row's day still earns
 * points. Rows about posts that are not here fall out.
 */
export const targets = `target AS (
    SELECT input.*, target_type, author_id AS target_author_id, target_question_id,
      coalesce((input.created_at AT TIME ZONE 'UTC')::date
        < (community_owned_at AT TIME ZONE 'UTC')::date, true) AS earns_points
    FROM input JOIN LATERAL (
      SELECT 'question' AS target_type, author_id, community_owned_at, id AS target_question_id
      FROM question WHERE id = input.post_id
      UNION ALL
      SELECT 'answer', author_id, community_owned_at, question_id FROM answer WHERE id = input.post_id
    ) AS post ON true
  )`;
