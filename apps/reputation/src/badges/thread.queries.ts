import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { CountBadgeRule, PostOfThread } from '../rules';
import { query } from '../sql';

export type ThreadPost = PostOfThread & { readonly rootId: string };

type Row = Omit<ThreadPost, 'votes'> & {
  readonly values: readonly number[] | null;
  readonly times: readonly Date[] | null;
};

/** All posts of threads, named by their questions or articles, with the votes and acceptances in force. */
export const postsOfThreads = async (
  db: EntityManager,
  communityId: CommunityId,
  roots: readonly string[],
): Promise<ThreadPost[]> => {
  const rows = await query<Row>(
    db,
    `WITH post AS (
       SELECT subject_id AS id, subject_id AS root, subject_type AS type, actor_id, occurred_at FROM activity_log
       WHERE community_id = $1 AND version = 1 AND key IN (
         SELECT prefix || root FROM unnest($2::text[]) AS root, unnest('{question:,article:}'::text[]) AS prefix)
       UNION ALL
       SELECT subject_id, parent_id, subject_type, actor_id, occurred_at FROM activity_log
       WHERE community_id = $1 AND kind = 'answer-posted' AND parent_id = ANY($2)
     ), accepted AS (
       SELECT DISTINCT ON (key) subject_id AS id, occurred_at, value FROM activity_log
       WHERE community_id = $1 AND key IN (SELECT 'acceptance:' || root FROM unnest($2::text[]) AS root)
       ORDER BY key, version DESC
     )
     SELECT post.id, post.root AS "rootId", post.type, post.actor_id AS "authorId", post.occurred_at AS "postedAt",
       accepted.occurred_at AS "acceptedAt", votes.values, votes.times
     FROM post LEFT JOIN accepted ON accepted.id = post.id AND accepted.value = 1
       CROSS JOIN LATERAL (
         SELECT array_agg(value ORDER BY occurred_at, event_id) AS values,
           array_agg(occurred_at ORDER BY occurred_at, event_id) AS times
         FROM (
           SELECT DISTINCT ON (key) value, occurred_at, event_id FROM activity_log
           WHERE community_id = $1 AND kind = 'vote' AND subject_id = post.id
           ORDER BY key, version DESC
         ) AS in_force WHERE value <> 0
       ) AS votes`,
    [communityId, roots],
  );
  return rows.map(({ values, times, ...post }) => ({
    ...post,
    votes: (values ?? []).map((value, i) => ({ value, at: times?.[i] ?? post.postedAt })),
  }));
};

/** The questions that these answers belong to, as far as they have been told of. */
export const questionsOfAnswers = async (
  db: EntityManager,
  communityId: CommunityId,
  answerIds: readonly string[],
): Promise<string[]> => {
  const rows = await query<{ id: string }>(
    db,
    `SELECT DISTINCT parent_id AS id FROM activity_log
     WHERE community_id = $1 AND key = ANY($2) AND parent_id IS NOT NULL`,
    [communityId, answerIds.map((id) => `answer:${id}`)],
  );
  return rows.map(({ id }) => id);
};

export interface Counted {
  readonly memberId: MemberId;
  readonly at: Date;
}

/** When each of these members had done a thing for the nth time; what was taken back does not count. */
export const nthTimes = (
  db: EntityManager,
  { communityId, memberIds }: { communityId: CommunityId; memberIds: readonly MemberId[] },
  { kind, atLeast }: CountBadgeRule,
): Promise<Counted[]> =>
  query(
    db,
    `SELECT asked.id AS "memberId", nth.occurred_at AS at
     FROM unnest($2::uuid[]) AS asked (id) CROSS JOIN LATERAL (
       SELECT occurred_at FROM (
         SELECT DISTINCT ON (key) occurred_at, event_id, value FROM activity_log AS log
         WHERE actor_id = asked.id AND kind = $3 AND community_id = $1
           AND NOT EXISTS (SELECT FROM activity_log AS later WHERE later.community_id = $1 AND later.key = log.key
             AND later.version > log.version)
         ORDER BY key
       ) AS in_force WHERE value <> 0 ORDER BY occurred_at, event_id OFFSET $4 LIMIT 1
     ) AS nth`,
    [communityId, memberIds, kind, atLeast - 1],
  );

/** The first day on which each of these members earned so much. */
export const firstDays = (
  db: EntityManager,
  { communityId, memberIds }: { communityId: CommunityId; memberIds: readonly MemberId[] },
  atLeast: number,
): Promise<Counted[]> =>
  query(
    db,
    `SELECT member_id AS "memberId", min(day)::timestamp AT TIME ZONE 'UTC' AS at FROM member_day
     WHERE community_id = $1 AND member_id = ANY($2) AND earned >= $3 GROUP BY member_id`,
    [communityId, memberIds, atLeast],
  );
