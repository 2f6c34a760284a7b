import { askSql, intervalOf, memberDays, posts, type Point, type Series } from './ask';
import { trailing } from './trailing';

/** Distinct members who did any of these in each interval. */
export const distinctMembers =
  (did: number): Series =>
  (db, ask) =>
    askSql<Point>(db, ask, {
      sql: `counted AS (
          SELECT ${intervalOf('day')} AS date, count(DISTINCT member_id)::int AS value
          FROM (${memberDays(ask, { did })}) AS member_day GROUP BY 1
        )
        SELECT date::text AS date, coalesce(value, 0) AS value FROM intervals LEFT JOIN counted USING (date) ORDER BY date`,
    });

/** Distinct members who did any of these in the window that ends on the interval's last day. */
export const trailingMembers =
  (did: number, window: number): Series =>
  (db, ask) =>
    askSql<Point>(db, ask, {
      sql: `${trailing(seenMembers(memberDays(ask, { did, before: window - 1 })), window)}
        SELECT date::text AS date, things AS value FROM in_window ORDER BY date`,
    });

const stickyWindow = 30;

/** Mean of the daily members of 30 days, over the distinct members of those days. */
export const stickiness =
  (did: number): Series =>
  (db, ask) =>
    askSql<Point>(db, ask, {
      sql: `${trailing(seenMembers(memberDays(ask, { did, before: stickyWindow - 1 })), stickyWindow)}
        SELECT date::text AS date, sightings / ${String(stickyWindow)}.0::float8 / nullif(things, 0) AS value
        FROM in_window ORDER BY date`,
    });

const seenMembers = (days: string): string =>
  `SELECT member_id AS thing, day FROM (${days}) AS member_day`;

export type Counted = 'new_members' | 'questions' | 'answers' | 'comments' | 'votes';

const typeOfPosts = { questions: 'question', answers: 'answer', comments: 'comment' } as const;

const isOfPosts = (column: Counted): column is keyof typeof typeOfPosts => column in typeOfPosts;

/** Posts of each interval by authors who were in the segment on the day: days do not count these apart. */
const postsOfSegment = (column: keyof typeof typeOfPosts, ...[db, ask]: Parameters<Series>) =>
  askSql<Point>(db, ask, {
    sql: `counted AS (
        SELECT ${intervalOf('day')} AS date, count(*)::int AS value
        FROM (${posts(ask, { types: [typeOfPosts[column]] })}) AS post GROUP BY 1
      )
      SELECT date::text AS date, coalesce(value, 0) AS value FROM intervals LEFT JOIN counted USING (date) ORDER BY date`,
  });

/** Sums of what each day counts. */
export const sumOfDays =
  (column: Counted): Series =>
  (db, ask) => {
    if (ask.segment !== null && isOfPosts(column)) return postsOfSegment(column, db, ask);
    const [table, ofTag] =
      ask.tag === null ? ['engagement_day', ''] : ['engagement_topic_day', 'AND tag = $5'];
    return askSql<Point>(db, ask, {
      sql: `counted AS (
          SELECT ${intervalOf('day')} AS date, sum(${column})::int AS value FROM ${table}
          WHERE community_id = $1 ${ofTag} AND day BETWEEN $2 AND $3 GROUP BY 1
        )
        SELECT date::text AS date, coalesce(value, 0) AS value FROM intervals LEFT JOIN counted USING (date) ORDER BY date`,
    });
  };
