import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Day } from '../rules';
import { count, type Activities } from './count';

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

/** Every table with rows of days, all of which a day's activity gives again. */
const tablesOfDays = [
  'engagement_active',
  'engagement_day',
  'engagement_topic_active',
  'engagement_topic_day',
  'engagement_orphan',
] as const;

const touched = 'unnest($1::uuid[], $2::date[]) AS touched (community_id, day)';

/** Computes the metrics of these days again from the log. The caller holds the metrics. */
export const rollUp = async (db: EntityManager, days: readonly CommunityDay[]): Promise<void> => {
  if (days.length === 0) return;
  const activities = activitiesOf(days);
  for (const table of tablesOfDays) {
    await db.query(
      `DELETE FROM ${table} USING ${touched}
       WHERE ${table}.community_id = touched.community_id AND ${table}.day = touched.day`,
      [...activities.parameters],
    );
  }
  await count(db, activities);
};

const activitiesOf = (days: readonly CommunityDay[]): Activities => ({
  sql: `
    SELECT log.*, touched.day
    FROM ${touched} LEFT JOIN community ON community.id = touched.community_id
      CROSS JOIN LATERAL (
        SELECT * FROM activity_log WHERE activity_log.community_id = touched.community_id
          AND occurred_at >= touched.day::timestamp AT TIME ZONE coalesce(time_zone, 'UTC')
          AND occurred_at < (touched.day + 1)::timestamp AT TIME ZONE coalesce(time_zone, 'UTC')
          AND NOT EXISTS (SELECT FROM engagement_pending AS pending
            WHERE pending.community_id = touched.community_id AND pending.event_id = activity_log.event_id)
        OFFSET 0 -- looks each day up by the index, whatever the planner thinks of the table's size
      ) AS log`,
  parameters: [days.map(({ communityId }) => communityId), days.map(({ day }) => day)],
});

/** All tables of a community's metrics, which its activity log gives again. */
export const tablesOfMetrics = [
  'engagement_pending',
  ...tablesOfDays,
  'engagement_member',
  'engagement_post',
] as const;
