import { askSql, intervalOf, posts, type Point, type Series } from './ask';
import { trailing } from './trailing';

/**
 * Gini coefficient of posts among those who posted: 0 when all wrote equally much, towards 1 when one wrote all.
 * With counts x in ascending order, G = 2 Σ i·x_i / (n Σ x_i) − (n + 1) / n.
 */
export const contributionGini: Series = (db, ask) =>
  askSql<Point>(db, ask, {
    sql: `written AS (
        SELECT ${intervalOf('day')} AS date, author_id, count(*) AS posts
        FROM (${posts(ask)}) AS post WHERE author_id IS NOT NULL GROUP BY 1, 2
      ), ranked AS (
        SELECT date, posts, row_number() OVER (PARTITION BY date ORDER BY posts) AS place FROM written
      ), computed AS (
        SELECT date, (2 * sum(place * posts) / (count(*) * sum(posts)) - (count(*) + 1.0) / count(*))::float8 AS value
        FROM ranked GROUP BY date
      )
      SELECT date::text AS date, value FROM intervals LEFT JOIN computed USING (date) ORDER BY date`,
  });

/** For how many days a post keeps its thread fresh. */
export const freshDays = 90;

/** Share of all threads (questions and articles) with a post of the last 90 days, on the interval's last day. */
export const contentFreshness: Series = (db, ask) =>
  askSql<Point>(db, ask, {
    sql: `${trailing(
      `SELECT DISTINCT root_id AS thing, day FROM (${posts(ask, { before: freshDays - 1 })}) AS post WHERE root_id IS NOT NULL`,
      freshDays,
    )}, begun AS (
        SELECT (posted_at AT TIME ZONE zone)::date AS day, count(*) AS threads FROM engagement_post, zone
        WHERE community_id = $1 AND type IN ('question', 'article') AND ($5::text IS NULL OR $5 = ANY (tags))
          AND posted_at < ($3::date + 1)::timestamp AT TIME ZONE zone
        GROUP BY 1
      ), existing AS (
        SELECT date, sum(threads) AS threads FROM intervals LEFT JOIN begun ON day <= last GROUP BY date
      )
      SELECT date::text AS date, things::float8 / nullif(threads, 0)::float8 AS value
      FROM in_window JOIN existing USING (date) ORDER BY date`,
  });
