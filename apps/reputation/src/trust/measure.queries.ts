import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Trust, TrustFacts } from '../rules';
import { query } from '../sql';

export interface Measured {
  readonly memberId: MemberId;
  readonly before: Trust | null;
  readonly facts: TrustFacts;
}

/** What is known of every active member of a community, counted from the log and from what members told they read. */
export const measure = async (
  db: EntityManager,
  { communityId, now }: { readonly communityId: CommunityId; readonly now: Date },
): Promise<Measured[]> => {
  const rows = await query<TrustFacts & { memberId: MemberId; level: number | null; since: Date }>(
    db,
    sql,
    [communityId, now],
  );
  return rows.map(({ memberId, level, since, ...facts }) => ({
    memberId,
    before: level === null ? null : { level, since },
    facts,
  }));
};

const sql = `
  WITH settings AS (SELECT $2::timestamptz - interval '100 days' AS recently),
  log AS (
    SELECT * FROM activity_log, settings WHERE community_id = $1 AND occurred_at <= $2
  ), liked AS (
    SELECT * FROM (SELECT DISTINCT ON (key) * FROM log WHERE kind = 'vote' ORDER BY key, version DESC) AS vote
    WHERE value > 0 AND actor_id IS DISTINCT FROM subject_author_id
  ), did AS (
    SELECT actor_id AS member_id, count(DISTINCT parent_id) FILTER (WHERE kind = 'answer-posted') AS replied,
      count(DISTINCT parent_id) FILTER (WHERE kind = 'answer-posted' AND occurred_at > recently) AS recently_replied
    FROM log WHERE actor_id IS NOT NULL GROUP BY actor_id
  ), visited AS (
    SELECT member_id, count(*) AS days, count(*) FILTER (WHERE day > (SELECT recently FROM settings)) AS recent_days
    FROM (
      SELECT actor_id AS member_id, (occurred_at AT TIME ZONE 'UTC')::date AS day FROM log WHERE actor_id IS NOT NULL
      UNION SELECT member_id, day FROM behaviour_member_day WHERE community_id = $1
    ) AS days GROUP BY member_id
  ), given AS (
    SELECT actor_id AS member_id, count(*) AS n, count(*) FILTER (WHERE occurred_at > recently) AS recent
    FROM liked WHERE actor_id IS NOT NULL GROUP BY actor_id
  ), received AS (
    SELECT subject_author_id AS member_id, count(*) AS n, count(*) FILTER (WHERE occurred_at > recently) AS recent,
      count(DISTINCT actor_id) FILTER (WHERE occurred_at > recently) AS likers,
      count(DISTINCT (occurred_at AT TIME ZONE 'UTC')::date) FILTER (WHERE occurred_at > recently) AS days
    FROM liked WHERE subject_author_id IS NOT NULL GROUP BY subject_author_id
  ), fresh AS (
    SELECT subject_id AS id FROM log WHERE kind = 'question-asked' AND occurred_at > recently
  ), read AS (
    SELECT member_id, count(DISTINCT subject_id) FILTER (WHERE subject_type = 'question') AS topics,
      count(DISTINCT subject_id) FILTER (WHERE kind = 'read') AS posts,
      coalesce(sum(duration_ms) FILTER (WHERE kind = 'read'), 0) / 60000 AS minutes,
      count(DISTINCT subject_id) FILTER (WHERE subject_id IN (SELECT id FROM fresh)) AS fresh_topics
    FROM behaviour_event
    WHERE community_id = $1 AND member_id IS NOT NULL AND audience = 'member' AND kind IN ('view', 'read')
    GROUP BY member_id
  )
  SELECT standing.member_id AS "memberId", trust.level, trust.since,
    coalesce(read.topics, 0)::int AS "topicsEntered", coalesce(read.posts, 0)::int AS "postsRead",
    coalesce(read.minutes, 0)::int AS "minutesRead", coalesce(visited.days, 0)::int AS "daysVisited",
    coalesce(did.replied, 0)::int AS "topicsReplied", coalesce(given.n, 0)::int AS "likesGiven",
    coalesce(received.n, 0)::int AS "likesReceived", coalesce(visited.recent_days, 0)::int AS "recentDaysVisited",
    coalesce(did.recently_replied, 0)::int AS "recentTopicsReplied",
    coalesce(100 * read.fresh_topics / nullif(least((SELECT count(*) FROM fresh), 2000), 0), 0)::int AS "recentShareOfTopics",
    coalesce(given.recent, 0)::int AS "recentLikesGiven", coalesce(received.recent, 0)::int AS "recentLikesReceived",
    coalesce(received.likers, 0)::int AS "recentLikers", coalesce(received.days, 0)::int AS "recentLikedDays"
  FROM member_standing AS standing
    LEFT JOIN member_trust AS trust USING (member_id) LEFT JOIN did USING (member_id) LEFT JOIN visited USING (member_id)
    LEFT JOIN given USING (member_id) LEFT JOIN received USING (member_id) LEFT JOIN read USING (member_id)
  WHERE standing.community_id = $1 AND status = 'active' ORDER BY standing.member_id`;
