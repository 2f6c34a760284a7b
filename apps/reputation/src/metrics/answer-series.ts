import { askSql, intervalOf, posts, type MetricAsk, type Point, type Series } from './ask';

/**
 * Questions of the range, each with the time of its first answer by somebody else. An author that nobody knows
 * counts as somebody else.
 */
const questions = (ask: MetricAsk): string => `
  question AS (
    SELECT ${intervalOf('question.day')} AS date, question.posted_at, answer.answered_at,
      greatest(extract(epoch FROM answer.answered_at - question.posted_at)::float8 / 3600, CASE WHEN answered_at IS NOT NULL THEN 0 END) AS hours
    FROM (${posts(ask, { types: ['question'] })}) AS question LEFT JOIN LATERAL (
      SELECT min(answer.posted_at) AS answered_at FROM engagement_post AS answer
      WHERE answer.community_id = $1 AND answer.parent_id = question.id AND answer.type = 'answer'
        AND (answer.author_id <> question.author_id OR answer.author_id IS NULL OR question.author_id IS NULL)
    ) AS answer ON true
  )`;

const ofQuestions =
  (value: string): Series =>
  (db, ask) =>
    askSql<Point>(db, ask, {
      sql: `${questions(ask)}, computed AS (SELECT date, ${value} AS value FROM question GROUP BY date)
        SELECT date::text AS date, value FROM intervals LEFT JOIN computed USING (date) ORDER BY date`,
    });

/** Hours until the first answer of which this share of the answered questions had one. */
export const hoursToFirstAnswer = (share: number): Series =>
  ofQuestions(`percentile_cont(${String(share)}) WITHIN GROUP (ORDER BY hours)`);

/** Share of the questions that have an answer. */
export const answerRate: Series = ofQuestions(`count(answered_at)::float8 / count(*)`);

/** Share of the questions that had an answer within 24 hours; of those that are older than that. */
export const answerRateOfADay: Series = ofQuestions(
  `count(*) FILTER (WHERE hours <= 24 AND ${isADayOld()})::float8 / nullif(count(*) FILTER (WHERE ${isADayOld()}), 0)`,
);

/** A whole day has passed on the community's calendar: the day after the question's is over. */
function isADayOld(): string {
  return `(posted_at AT TIME ZONE (SELECT zone FROM zone))::date < $7::date - 1`;
}
