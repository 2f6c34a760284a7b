import type { EntityManager } from 'typeorm';
import type { Day } from '../rules';
import { askSql, type MetricAsk, type Series } from './ask';

/** After how many intervals without activity a dormant member counts as churned. */
export const churnedAfter = 3;

/** Everybody who has ever taken part, each in one state. Intervals begin whole, and end with the range. */
export interface Growth {
  readonly date: Day;
  /** Took part for the first time. */
  readonly newcomers: number;
  /** Took part in the interval before, too. */
  readonly retained: number;
  /** Took part earlier, but not in the interval before. */
  readonly returning: number;
  /** Took no part; did in one of the three intervals before. */
  readonly dormant: number;
  /** Took no part for longer. */
  readonly churned: number;
}

export const growth = (db: EntityManager, ask: MetricAsk): Promise<Growth[]> =>
  askSql<Growth>(db, ask, {
    sql: `step AS (SELECT ('1 ' || $4)::interval AS step),
    presence AS (
      SELECT DISTINCT member_id, date_trunc($4, day::timestamp)::date AS date FROM engagement_active, step
      WHERE community_id = $1 AND did <> 0
        AND day >= date_trunc($4, $2::date::timestamp) - ${String(churnedAfter)} * step AND day <= $3
    ), sequence AS (
      SELECT member_id, date, lag(date) OVER w AS before, lead(date) OVER w AS next
      FROM presence WINDOW w AS (PARTITION BY member_id ORDER BY date)
    ), present AS (
      SELECT sequence.date, count(*) FILTER (WHERE first_day >= sequence.date) AS newcomers,
        count(*) FILTER (WHERE first_day < sequence.date AND before = (sequence.date - step)::date) AS retained,
        count(*) FILTER (WHERE first_day < sequence.date AND before IS DISTINCT FROM (sequence.date - step)::date) AS came_back
      FROM sequence CROSS JOIN step JOIN engagement_member AS member ON member.community_id = $1 AND member.member_id = sequence.member_id
      GROUP BY sequence.date
    ), absent AS (
      SELECT intervals.date, count(*) AS dormant
      FROM step, intervals JOIN sequence ON sequence.date < intervals.date AND (next IS NULL OR next > intervals.date)
      WHERE intervals.date <= (sequence.date + ${String(churnedAfter)} * step)::date
      GROUP BY intervals.date
    ), begun AS (
      SELECT first_day, count(*) AS members FROM engagement_member
      WHERE community_id = $1 AND first_day <= $3 GROUP BY first_day
    ), ever AS (
      SELECT intervals.date, coalesce(sum(members), 0) AS members
      FROM intervals LEFT JOIN begun ON first_day <= last GROUP BY intervals.date
    ), states AS (
      SELECT date, members, coalesce(newcomers, 0) AS newcomers, coalesce(retained, 0) AS retained,
        coalesce(came_back, 0) AS came_back, coalesce(dormant, 0) AS dormant
      FROM ever LEFT JOIN present USING (date) LEFT JOIN absent USING (date)
    )
    SELECT date::text AS date, newcomers::int AS newcomers, retained::int AS retained, came_back::int AS "returning",
      dormant::int AS dormant, (members - newcomers - retained - came_back - dormant)::int AS churned
    FROM states ORDER BY date`,
  });

/** One of the states as a series. */
export const growthState =
  (state: Exclude<keyof Growth, 'date'>): Series =>
  async (db, ask) =>
    (await growth(db, ask)).map((row) => ({ date: row.date, value: row[state] }));
