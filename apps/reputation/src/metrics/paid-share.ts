import { askSql, type Point, type Series } from './ask';
import type { MetricDefinition } from './definition';

/**
 * Share of all articles that are paid, at the end of the interval's last day. Of an article its highest version told of
 * by then is in force; without any it is free. Each turn counts as +1 or −1 on its day, so versions are read once.
 */
const series: Series = (db, ask) =>
  askSql<Point>(db, ask, {
    sql: `published AS (
        SELECT id, posted_at FROM engagement_post, zone
        WHERE community_id = $1 AND type = 'article' AND posted_at < ($3::date + 1)::timestamp AT TIME ZONE zone
      ), told AS (
        SELECT article_id, version, is_paid, at, max(version) OVER (PARTITION BY article_id ORDER BY at) AS highest
        FROM published JOIN (
          SELECT * FROM article_access WHERE community_id = $1
        ) AS access ON access.article_id::text = published.id
        CROSS JOIN LATERAL (SELECT greatest(changed_at, posted_at) AS at) AS effective
      ), turned AS (
        SELECT (at AT TIME ZONE zone)::date AS day, 0 AS articles,
          is_paid::int - lag(is_paid::int, 1, 0) OVER (PARTITION BY article_id ORDER BY version) AS paid
        FROM told, zone WHERE version = highest
      ), by_day AS (
        SELECT day, sum(articles) AS articles, sum(paid) AS paid FROM (
          SELECT * FROM turned
          UNION ALL SELECT (posted_at AT TIME ZONE zone)::date, 1, 0 FROM published, zone
        ) AS happened GROUP BY day
      )
      SELECT date::text AS date, sum(paid)::float8 / nullif(sum(articles), 0)::float8 AS value
      FROM intervals LEFT JOIN by_day ON day <= last GROUP BY date ORDER BY date`,
  });

export const paidShare: MetricDefinition = {
  name: 'paid_share',
  meaning:
    "Balance of paid and free content: share of all published articles that are paid, at the end of the interval's last day.",
  formula: 'paid articles ÷ articles; null without articles',
  unit: 'share',
  source: 'content.article.published.v1 and content.article.access-changed.v1',
  refresh: 'Recorded with each event; computed when it is asked for.',
  isPublic: true,
  dimensions: [],
  series,
};
