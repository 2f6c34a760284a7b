import type { MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { askSql, type MetricAsk } from '../metrics/ask';

/** What one member, or everybody, brings: F, G and R of the seed (S3). */
export interface Objectives {
  /** F, satisfaction: hours that posts were read. */
  readonly hoursRead: number;
  /** G, activity: what was done besides joining; a changed vote is not another one. */
  readonly activities: number;
  /** R, revenue: paid less given back, in minor units of the community's main currency. */
  readonly netMinor: number;
}

export interface ObjectivesOf extends Objectives {
  /** Null for what nobody known did: visitors, authors without a name, buyers who are no members. */
  readonly memberId: MemberId | null;
}

/**
 * F = Σ F_i, G = Σ G_i and R = Σ R_i over the range: a row for each member with any of them, and one for what belongs
 * to no member. The rows add up to the totals, because totals are made of them.
 */
export const objectives = (db: EntityManager, ask: MetricAsk): Promise<ObjectivesOf[]> =>
  askSql<ObjectivesOf>(db, ask, {
    sql: `bounds AS (
      SELECT $2::date::timestamp AT TIME ZONE zone AS begins, ($3::date + 1)::timestamp AT TIME ZONE zone AS ends FROM zone
    ), main AS (
      SELECT currency FROM revenue_entry WHERE community_id = $1 AND amount_minor > 0
      GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
    ), brought AS (
      SELECT member_id, duration_ms::float8 / 3600000 AS hours, 0 AS activities, 0::bigint AS net
      FROM behaviour_event, bounds
      WHERE community_id = $1 AND kind = 'read' AND audience <> 'crawler' AND occurred_at >= begins AND occurred_at < ends
        AND NOT EXISTS (SELECT FROM behaviour_pending AS pending
          WHERE pending.community_id = $1 AND pending.event_id = behaviour_event.event_id)
      UNION ALL
      SELECT actor_id, 0, 1, 0 FROM activity_log, bounds
      WHERE community_id = $1 AND version = 1 AND kind <> 'member-joined' AND occurred_at >= begins AND occurred_at < ends
      UNION ALL
      SELECT coalesce(entry.member_id, paid.member_id), 0, 0, entry.amount_minor
      FROM bounds CROSS JOIN revenue_entry AS entry JOIN main USING (currency)
        LEFT JOIN revenue_entry AS paid ON paid.source = 'order:' || entry.order_id
      WHERE entry.community_id = $1 AND entry.occurred_at >= begins AND entry.occurred_at < ends
    )
    SELECT member_id AS "memberId", sum(hours) AS "hoursRead", sum(activities)::int AS activities, sum(net)::float8 AS "netMinor"
    FROM brought GROUP BY member_id
    ORDER BY sum(activities) DESC, sum(net) DESC, member_id NULLS LAST`,
  });

export const sumOf = (rows: readonly Objectives[]): Objectives => ({
  hoursRead: rows.reduce((sum, row) => sum + row.hoursRead, 0),
  activities: rows.reduce((sum, row) => sum + row.activities, 0),
  netMinor: rows.reduce((sum, row) => sum + row.netMinor, 0),
});
