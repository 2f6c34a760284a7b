import { askSql, intervalOf, type Point, type Series } from './ask';
import type { MetricDefinition } from './definition';

type CountedBehaviour = 'views' | 'reads' | 'read_ms' | 'shares' | 'clicks';

/** Sums of what people's clients told of each day; divided, where the unit is another. */
const sumOfBehaviour =
  (column: CountedBehaviour, per = 1): Series =>
  (db, ask) =>
    askSql<Point>(db, ask, {
      sql: `counted AS (
          SELECT ${intervalOf('day')} AS date, sum(${column})::float8 / ${String(per)} AS value FROM behaviour_day
          WHERE community_id = $1 AND day BETWEEN $2 AND $3 GROUP BY 1
        )
        SELECT date::text AS date, coalesce(value, 0) AS value FROM intervals LEFT JOIN counted USING (date) ORDER BY date`,
    });

/** Distinct members whose clients told anything of the interval. */
const visitingMembers: Series = (db, ask) =>
  askSql<Point>(db, ask, {
    sql: `counted AS (
        SELECT ${intervalOf('day')} AS date, count(DISTINCT member_id)::int AS value FROM behaviour_member_day
        WHERE community_id = $1 AND day BETWEEN $2 AND $3 GROUP BY 1
      )
      SELECT date::text AS date, coalesce(value, 0) AS value FROM intervals LEFT JOIN counted USING (date) ORDER BY date`,
  });

type Told = Pick<MetricDefinition, 'name' | 'meaning' | 'formula' | 'series'> &
  Partial<MetricDefinition>;
const told = (metric: Told): MetricDefinition => ({
  unit: 'views',
  source: 'client behaviour events (recordBehaviour), without crawlers',
  refresh: 'Counted with each batch that clients send; at most a moment behind it.',
  isPublic: false,
  dimensions: [],
  ...metric,
});

/** Metrics of what clients tell. */
export const behaviourMetrics: readonly MetricDefinition[] = [
  told({
    name: 'views',
    meaning: 'Views of posts by members and visitors; those by their authors do not count.',
    formula: 'sum over the days of distinct (viewer, post) of the day',
    series: sumOfBehaviour('views'),
  }),
  told({
    name: 'visiting_members',
    meaning: 'Members who viewed, read, shared or clicked anything in the interval.',
    formula: 'count of distinct members with a behaviour event on a day of the interval',
    unit: 'members',
    series: visitingMembers,
  }),
  told({
    name: 'hours_read',
    meaning: 'How long posts were before somebody’s eyes.',
    formula: 'sum of the durations of reading',
    unit: 'hours',
    series: sumOfBehaviour('read_ms', 3_600_000),
  }),
  told({
    name: 'shares',
    meaning: 'Posts passed on.',
    formula: 'sum over the days of the interval',
    unit: 'events',
    series: sumOfBehaviour('shares'),
  }),
  told({
    name: 'clicks',
    meaning: 'Links followed and controls used.',
    formula: 'sum over the days of the interval',
    unit: 'events',
    series: sumOfBehaviour('clicks'),
  }),
];
