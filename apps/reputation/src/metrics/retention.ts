import type { EntityManager } from 'typeorm';
import type { Day } from '../rules';
import { askSql, type MetricAsk, type Point, type Series } from './ask';

/** Members who joined in the same interval, and how many of them took part in each interval since. */
export interface Cohort {
  readonly date: Day;
  readonly size: number;
  /** From the interval of joining on; intervals that have not begun are left out. */
  readonly active: readonly number[];
}

export const maxOffsets = 60;

/**
 * Cohorts of the range by the interval of joining. Weeks and months are those of the calendar; day cohorts
 * therefore give the retention of day N exactly. Costs the activity of the cohorts' members only.
 */
export const retention = (db: EntityManager, ask: MetricAsk, offsets: number): Promise<Cohort[]> =>
  askSql<Cohort>(db, ask, {
    sql: `cohort AS (
        SELECT member_id, date_trunc($4, joined_on::timestamp)::date AS date FROM engagement_member
        WHERE community_id = $1 AND joined_on BETWEEN $2 AND $3
      ), sized AS (
        SELECT date, count(*)::int AS size FROM cohort GROUP BY date
      ), slots AS (
        SELECT date, slot, (date + slot * ('1 ' || $4)::interval)::date AS begins
        FROM intervals CROSS JOIN generate_series(0, $8::int) AS slot
        WHERE date + slot * ('1 ' || $4)::interval <= $7::date
      ), took_part AS (
        SELECT cohort.date, date_trunc($4, day::timestamp)::date AS begins, count(DISTINCT cohort.member_id)::int AS members
        FROM cohort JOIN engagement_active AS active ON active.community_id = $1 AND active.member_id = cohort.member_id
        WHERE active.did <> 0 GROUP BY 1, 2
      )
      SELECT date::text AS date, coalesce(size, 0) AS size, coalesce(active, '{}') AS active
      FROM intervals LEFT JOIN sized USING (date) LEFT JOIN (
        SELECT date, array_agg(coalesce(members, 0) ORDER BY slot) AS active
        FROM slots LEFT JOIN took_part USING (date, begins) GROUP BY date
      ) AS cells USING (date)
      ORDER BY date`,
    parameters: [offsets],
  });

/** Share of the members who joined in the interval and took part on the day that many days later; of those whose day has come. */
export const dayRetention =
  (days: number): Series =>
  (db, ask) =>
    askSql<Point>(db, ask, {
      sql: `computed AS (
          SELECT date_trunc($4, joined_on::timestamp)::date AS date, count(active.member_id)::float8 / count(*) AS value
          FROM engagement_member AS member LEFT JOIN engagement_active AS active
            ON active.community_id = $1 AND active.member_id = member.member_id AND active.day = joined_on + $8::int AND did <> 0
          WHERE member.community_id = $1 AND joined_on BETWEEN $2 AND $3 AND joined_on + $8::int <= $7::date
          GROUP BY 1
        )
        SELECT date::text AS date, value FROM intervals LEFT JOIN computed USING (date) ORDER BY date`,
      parameters: [days],
    });
