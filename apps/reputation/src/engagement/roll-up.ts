import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Day } from '../rules';

/*
 * Metrics by day are sums over the activity log, kept in two ways that agree: `count-pending` adds what is
 * new, and `rollUp` below computes a day again from the log, less what is still pending. The community's
 * lock is held for both, and activity is pending from its own transaction on, so it counts exactly once.
 */

export interface CommunityDay {
  readonly communityId: CommunityId;
  /** A day in the community's own time zone. */
  readonly day: Day;
}

/** Taken by everything that changes the metrics of these communities. */
export const holdMetrics = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<void> => {
  await db.query(
    `SELECT pg_advisory_xact_lock(id) FROM (
       SELECT DISTINCT hashtextextended('metrics of ' || community, 0) AS id
       FROM unnest($1::text[]) AS community ORDER BY id
     ) AS lock`,
    [communityIds],
  );
};

/** The day of an activity in its community's zone; UTC while the community is not known. */
export const localDay = `(occurred_at AT TIME ZONE coalesce(time_zone, 'UTC'))::date`;

/** Joining is not yet taking part. */
export const isActive = `actor_id IS NOT NULL AND kind <> 'member-joined'`;

/** A vote counts on the day it was cast or last changed, and not at all once it is withdrawn. */
export const isVoteInForce = `kind = 'vote' AND value <> 0 AND NOT EXISTS (
  SELECT FROM activity_log AS later WHERE later.community_id = log.community_id
    AND later.key = log.key AND later.version > log.version AND later.version > 1)`;

export const counts = `
  count(*) FILTER (WHERE kind = 'member-joined') AS new_members,
  count(*) FILTER (WHERE kind = 'question-asked') AS questions,
  count(*) FILTER (WHERE kind = 'answer-posted') AS answers,
  count(*) FILTER (WHERE kind = 'comment-posted') AS comments,
  count(*) FILTER (WHERE ${isVoteInForce}) AS votes`;

const touched = 'unnest($1::uuid[], $2::date[]) AS touched (community_id, day)';

/** Computes the metrics of these days again from the log. The caller holds the metrics. */
export const rollUp = async (db: EntityManager, days: readonly CommunityDay[]): Promise<void> => {
  if (days.length === 0) return;
  const parameters = [days.map(({ communityId }) => communityId), days.map(({ day }) => day)];
  await db.query(
    `DELETE FROM engagement_active USING ${touched}
    WHERE ${isTouched('engagement_active')}`,
    parameters,
  );
  await db.query(
    `DELETE FROM engagement_day USING ${touched} WHERE ${isTouched('engagement_day')}`,
    parameters,
  );
  await db.query(
    `WITH log AS MATERIALIZED (
       SELECT log.*, touched.day
       FROM ${touched} LEFT JOIN community ON community.id = touched.community_id
         CROSS JOIN LATERAL (
           SELECT * FROM activity_log WHERE activity_log.community_id = touched.community_id
             AND occurred_at >= touched.day::timestamp AT TIME ZONE coalesce(time_zone, 'UTC')
             AND occurred_at < (touched.day + 1)::timestamp AT TIME ZONE coalesce(time_zone, 'UTC')
             AND NOT EXISTS (SELECT FROM engagement_pending AS pending
               WHERE pending.community_id = touched.community_id AND pending.event_id = activity_log.event_id)
           OFFSET 0 -- looks each day up by the index, whatever the planner thinks of the table's size
         ) AS log
     ), active AS (
       INSERT INTO engagement_active (community_id, day, member_id)
       SELECT DISTINCT community_id, day, actor_id FROM log WHERE ${isActive}
       RETURNING community_id, day
     )
     INSERT INTO engagement_day (community_id, day, active_members, new_members, questions, answers, comments, votes)
     SELECT * FROM (
       SELECT community_id, day, coalesce(active.members, 0) AS active_members, new_members, questions, answers, comments, votes
       FROM (SELECT community_id, day, ${counts} FROM log GROUP BY community_id, day) AS counted
         LEFT JOIN (SELECT community_id, day, count(*) AS members FROM active GROUP BY community_id, day) AS active
           USING (community_id, day)
     ) AS metrics
     WHERE (active_members, new_members, questions, answers, comments, votes) <> (0, 0, 0, 0, 0, 0)`,
    parameters,
  );
};

const isTouched = (table: string): string =>
  `${table}.community_id = touched.community_id AND ${table}.day = touched.day`;
