import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { localDay } from '../engagement/count';
import { bumpRevisions } from '../engagement/revision';
import { addTold, forgetTold } from '../models/member-behaviour';
import { query } from '../sql';

const atOnce = 5_000;

export interface Viewed {
  readonly communityId: CommunityId;
  readonly subjectId: string;
  readonly subjectType: string;
  /** All views that count, ever: it only grows. */
  readonly views: number;
}

/** Counts what these communities' people did that is not counted yet; gives the posts whose views grew. */
export const countBehaviour = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<readonly Viewed[]> => {
  await holdBehaviour(db, communityIds);
  const viewed = new Map<string, Viewed>();
  for (;;) {
    const taken = await query<{ eventId: string; occurredAt: Date }>(
      db,
      `DELETE FROM behaviour_pending WHERE (community_id, event_id) IN (
         SELECT community_id, event_id FROM behaviour_pending WHERE community_id = ANY($1) LIMIT ${String(atOnce)})
       RETURNING event_id AS "eventId", occurred_at AS "occurredAt"`,
      [communityIds],
    );
    if (taken.length === 0) return [...viewed.values()];
    await bumpRevisions(db, communityIds);
    const grown = await count(db, {
      sql: `SELECT event.*, ${localDay} AS day
        FROM unnest($1::uuid[], $2::timestamptz[]) AS taken (event_id, at)
          JOIN behaviour_event AS event ON event.event_id = taken.event_id AND event.occurred_at = taken.at
          LEFT JOIN community ON community.id = community_id`,
      parameters: [taken.map(({ eventId }) => eventId), taken.map(({ occurredAt }) => occurredAt)],
    });
    for (const one of grown) viewed.set(one.subjectId, one);
  }
};

const tables = [
  'behaviour_pending',
  'behaviour_viewer',
  'behaviour_subject',
  'behaviour_day',
  'behaviour_member_day',
] as const;

/** Counts everything again that a community's people ever did. */
export const rebuildBehaviour = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<void> => {
  await holdBehaviour(db, [communityId]);
  for (const table of tables)
    await db.query(`DELETE FROM ${table} WHERE community_id = $1`, [communityId]);
  await forgetTold(db, communityId);
  await count(db, {
    sql: `SELECT event.*, ${localDay} AS day FROM behaviour_event AS event
      LEFT JOIN community ON community.id = community_id WHERE community_id = $1`,
    parameters: [communityId],
  });
};

/** Behaviour of a community is counted by one at a time. */
const holdBehaviour = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<void> => {
  await db.query(
    `SELECT pg_advisory_xact_lock(id) FROM (
       SELECT DISTINCT hashtextextended('behaviour of ' || community, 0) AS id
       FROM unnest($1::text[]) AS community ORDER BY id
     ) AS lock`,
    [communityIds],
  );
};

/**
 * A view counts once a viewer, post and day of the community; those of authors and of crawlers are counted apart.
 * Everything here is only ever added, so order and batches cannot matter.
 */
const count = async (
  db: EntityManager,
  events: { readonly sql: string; readonly parameters: readonly unknown[] },
): Promise<Viewed[]> => {
  await addTold(db, events);
  await db.query(`WITH event AS MATERIALIZED (${events.sql}), ${countMembers}`, [
    ...events.parameters,
  ]);
  return query<Viewed>(
    db,
    `WITH event AS MATERIALIZED (${events.sql}), ${countDays}`,
    events.parameters,
  );
};

const countMembers = `
  did AS (
    SELECT community_id, day, member_id,
      bit_or(CASE kind WHEN 'view' THEN 1 WHEN 'read' THEN 2 WHEN 'share' THEN 4 ELSE 8 END) AS did
    FROM event WHERE member_id IS NOT NULL AND audience <> 'crawler'
    GROUP BY community_id, day, member_id ORDER BY community_id, day, member_id
  )
  INSERT INTO behaviour_member_day AS known (community_id, day, member_id, did) SELECT * FROM did
  ON CONFLICT (community_id, day, member_id) DO UPDATE SET did = known.did | excluded.did
    WHERE known.did | excluded.did <> known.did`;

const countDays = `
  viewer AS (
    INSERT INTO behaviour_viewer (community_id, subject_id, day, viewer)
    SELECT DISTINCT community_id, subject_id, day, viewer FROM event
    WHERE kind = 'view' AND audience IN ('member', 'visitor') ORDER BY 1, 2, 3, 4
    ON CONFLICT DO NOTHING RETURNING community_id, subject_id, day
  ), counted AS (
    SELECT community_id, day,
      count(*) FILTER (WHERE kind = 'view' AND audience = 'self') AS self_views,
      count(*) FILTER (WHERE kind = 'view' AND audience = 'crawler') AS crawler_views,
      count(*) FILTER (WHERE kind = 'read' AND audience <> 'crawler') AS reads,
      coalesce(sum(duration_ms) FILTER (WHERE kind = 'read' AND audience <> 'crawler'), 0) AS read_ms,
      count(*) FILTER (WHERE kind = 'share' AND audience <> 'crawler') AS shares,
      count(*) FILTER (WHERE kind = 'click' AND audience <> 'crawler') AS clicks
    FROM event GROUP BY community_id, day
  ), days AS (
    INSERT INTO behaviour_day AS known
      (community_id, day, views, self_views, crawler_views, reads, read_ms, shares, clicks)
    SELECT community_id, day, coalesce(views, 0), self_views, crawler_views, reads, read_ms, shares, clicks
    FROM counted LEFT JOIN (SELECT community_id, day, count(*) AS views FROM viewer GROUP BY 1, 2) AS viewed
      USING (community_id, day)
    ORDER BY community_id, day
    ON CONFLICT (community_id, day) DO UPDATE SET
      views = known.views + excluded.views, self_views = known.self_views + excluded.self_views,
      crawler_views = known.crawler_views + excluded.crawler_views, reads = known.reads + excluded.reads,
      read_ms = known.read_ms + excluded.read_ms, shares = known.shares + excluded.shares,
      clicks = known.clicks + excluded.clicks
  ), subject AS (SELECT DISTINCT community_id, subject_id, subject_type FROM event)
  INSERT INTO behaviour_subject AS known (community_id, subject_id, subject_type, views)
  SELECT community_id, subject_id, subject_type, count(*) FROM viewer JOIN subject USING (community_id, subject_id)
  GROUP BY 1, 2, 3 ORDER BY 1, 2
  ON CONFLICT (community_id, subject_id) DO UPDATE SET views = known.views + excluded.views
  RETURNING community_id AS "communityId", subject_id AS "subjectId", subject_type AS "subjectType", views`;
