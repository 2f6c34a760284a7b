import type { EntityManager } from 'typeorm';
import { deedOf } from './deeds';

/** Some activities, each once: a query of rows of the log with their community's day, and its parameters. */
export interface Activities {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The day of an activity in its community's zone; UTC while the community is not known. */
export const localDay = `(occurred_at AT TIME ZONE coalesce(time_zone, 'UTC'))::date`;

/** Whether an activity of the log is counted already; one that is pending is left to who counts what is new. */
export const isCounted = (log: string): string => `NOT EXISTS (
  SELECT FROM engagement_pending AS pending
  WHERE pending.community_id = ${log}.community_id AND pending.event_id = ${log}.event_id)`;

/** Joining is not yet taking part. */
const isActive = `actor_id IS NOT NULL AND kind <> 'member-joined'`;

/** A vote counts on the day it was cast or last changed, and not at all once it is withdrawn. */
const isVoteInForce = `kind = 'vote' AND value <> 0 AND NOT EXISTS (
  SELECT FROM activity_log AS later WHERE later.community_id = log.community_id
    AND later.key = log.key AND later.version > log.version AND later.version > 1)`;

const counts = `
  count(*) FILTER (WHERE kind = 'question-asked') AS questions,
  count(*) FILTER (WHERE kind = 'answer-posted') AS answers,
  count(*) FILTER (WHERE kind = 'comment-posted') AS comments,
  count(*) FILTER (WHERE ${isVoteInForce}) AS votes`;

/** Adds these activities to the metrics of their days. The caller holds the metrics, and gives each activity once. */
export const count = async (db: EntityManager, activities: Activities): Promise<void> => {
  await run(db, activities, countDays);
  await run(db, activities, countTopics);
  await run(db, activities, rememberOrphans);
  await run(db, activities, rememberMembers);
};

const run = async (
  db: EntityManager,
  { sql, parameters }: Activities,
  statement: string,
): Promise<void> => {
  await db.query(`WITH log AS MATERIALIZED (${sql}), ${statement}`, [...parameters]);
};

/** A member who did more on a day than was known stays one of its members; who is new is told by `xmax`. */
const mergeDeeds = (table: string): string => `ON CONFLICT (${table}) DO UPDATE
  SET did = known.did | excluded.did WHERE known.did | excluded.did <> known.did`;

const countDays = `
  active AS (
    INSERT INTO engagement_active AS known (community_id, day, member_id, did)
    SELECT community_id, day, actor_id, bit_or(${deedOf('kind')}) FROM log WHERE ${isActive}
    GROUP BY community_id, day, actor_id ORDER BY community_id, day, actor_id
    ${mergeDeeds('community_id, day, member_id')}
    RETURNING community_id, day, (xmax = 0) AS is_new
  ), added AS (
    SELECT community_id, day, coalesce(members, 0) AS members, new_members, questions, answers, comments, votes
    FROM (
      SELECT community_id, day, count(*) FILTER (WHERE kind = 'member-joined') AS new_members, ${counts}
      FROM log GROUP BY community_id, day
    ) AS counted LEFT JOIN (
      SELECT community_id, day, count(*) AS members FROM active WHERE is_new GROUP BY community_id, day
    ) AS active USING (community_id, day)
  )
  INSERT INTO engagement_day AS known
    (community_id, day, active_members, new_members, questions, answers, comments, votes)
  SELECT * FROM added
  WHERE (members, new_members, questions, answers, comments, votes) <> (0, 0, 0, 0, 0, 0)
  ON CONFLICT (community_id, day) DO UPDATE SET
    active_members = known.active_members + excluded.active_members,
    new_members = known.new_members + excluded.new_members,
    questions = known.questions + excluded.questions,
    answers = known.answers + excluded.answers,
    comments = known.comments + excluded.comments,
    votes = known.votes + excluded.votes`;

/**
 * What an activity is about, up to the question: a vote on a comment on an answer is three steps from it. Its
 * topics are the tags that the question was asked with.
 */
const rooted = `
  rooted AS (
    SELECT log.*, CASE 'question' WHEN own.type THEN own.tags WHEN above.type THEN above.tags WHEN top.type THEN top.tags END AS topics,
      CASE WHEN own.id IS NULL THEN subject_id WHEN own.parent_id IS NOT NULL AND above.id IS NULL THEN own.parent_id
        WHEN above.parent_id IS NOT NULL AND top.id IS NULL THEN above.parent_id END AS missing_id
    FROM log
      LEFT JOIN engagement_post AS own ON own.community_id = log.community_id AND own.id = log.subject_id
      LEFT JOIN engagement_post AS above ON above.community_id = log.community_id AND above.id = own.parent_id
      LEFT JOIN engagement_post AS top ON top.community_id = log.community_id AND top.id = above.parent_id
    WHERE subject_type IN ('question', 'answer', 'comment', 'article')
  )`;

const countTopics = `
  ${rooted}, topical AS (
    SELECT rooted.*, tag FROM rooted CROSS JOIN LATERAL (SELECT DISTINCT unnest(topics) AS tag) AS topic
  ), active AS (
    INSERT INTO engagement_topic_active AS known (community_id, tag, day, member_id, did)
    SELECT community_id, tag, day, actor_id, bit_or(${deedOf('kind')}) FROM topical WHERE ${isActive}
    GROUP BY community_id, tag, day, actor_id ORDER BY community_id, tag, day, actor_id
    ${mergeDeeds('community_id, tag, day, member_id')}
    RETURNING community_id, tag, day, (xmax = 0) AS is_new
  ), added AS (
    SELECT community_id, tag, day, coalesce(members, 0) AS members, questions, answers, comments, votes
    FROM (SELECT community_id, tag, day, ${counts} FROM topical AS log GROUP BY community_id, tag, day) AS counted
      LEFT JOIN (
        SELECT community_id, tag, day, count(*) AS members FROM active WHERE is_new GROUP BY community_id, tag, day
      ) AS active USING (community_id, tag, day)
  )
  INSERT INTO engagement_topic_day AS known (community_id, tag, day, active_members, questions, answers, comments, votes)
  SELECT * FROM added WHERE (members, questions, answers, comments, votes) <> (0, 0, 0, 0, 0)
  ON CONFLICT (community_id, tag, day) DO UPDATE SET
    active_members = known.active_members + excluded.active_members,
    questions = known.questions + excluded.questions,
    answers = known.answers + excluded.answers,
    comments = known.comments + excluded.comments,
    votes = known.votes + excluded.votes`;

const rememberOrphans = `
  ${rooted}
  INSERT INTO engagement_orphan (community_id, missing_id, day)
  SELECT DISTINCT community_id, missing_id, day FROM rooted WHERE missing_id IS NOT NULL
  ON CONFLICT DO NOTHING`;

/** The first of all days a member took part: days are only ever added, so the least is right in any order. */
const rememberMembers = `
  told AS (
    SELECT community_id, actor_id, min(day) FILTER (WHERE kind = 'member-joined') AS joined_on,
      min(day) FILTER (WHERE kind <> 'member-joined') AS first_day
    FROM log WHERE actor_id IS NOT NULL GROUP BY community_id, actor_id ORDER BY community_id, actor_id
  )
  INSERT INTO engagement_member AS known (community_id, member_id, joined_on, first_day) SELECT * FROM told
  ON CONFLICT (community_id, member_id) DO UPDATE
    SET joined_on = least(known.joined_on, excluded.joined_on), first_day = least(known.first_day, excluded.first_day)
    WHERE known.joined_on IS DISTINCT FROM least(known.joined_on, excluded.joined_on)
      OR known.first_day IS DISTINCT FROM least(known.first_day, excluded.first_day)`;

/** Knows what was posted below what; gives the ids of posts that were not known. */
export const rememberPosts = `
  INSERT INTO engagement_post (community_id, id, type, parent_id, author_id, posted_at, tags)
  SELECT community_id, subject_id, subject_type, parent_id, actor_id, occurred_at, tags FROM log
  WHERE kind IN ('question-asked', 'answer-posted', 'comment-posted', 'article-published')
  ON CONFLICT DO NOTHING`;
