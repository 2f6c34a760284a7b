import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { ExposureTerms } from './exposure-terms';
import type { Candidate } from './slots';

const hourMs = 3_600_000;
/** Of each kind: more pages than anybody turns. */
const mostOfAKind = 200;
/** What is older is found by other lists. */
const rankedDays = 90;
const newDays = 30;

export interface Round {
  readonly at: Date;
  readonly posts: readonly Candidate[];
}

export const currentRound = (now: Date): Date =>
  new Date(Math.floor(now.getTime() / hourMs) * hourMs);

/** The round of that hour; null when there is none any more. */
export const roundAt = async (
  db: EntityManager,
  communityId: CommunityId,
  at: Date,
): Promise<Round | null> => {
  const [row] = await db.query<{ posts: Candidate[] }[]>(
    'SELECT posts FROM exposure_round WHERE community_id = $1 AND round = $2',
    [communityId, at],
  );
  return row === undefined ? null : { at, posts: row.posts };
};

/** The round of this hour. Whoever asks first makes it, for all: what follows from it is the same for everybody. */
export const roundNow = async (
  db: EntityManager,
  communityId: CommunityId,
  { now, terms }: { readonly now: Date; readonly terms: ExposureTerms },
): Promise<Round> => {
  const at = currentRound(now);
  const known = await roundAt(db, communityId, at);
  if (known !== null) return known;
  await db.query(
    `INSERT INTO exposure_round (community_id, round, posts)
     SELECT $1, $2, coalesce(json_agg(post), '[]') FROM (${candidates}) AS post
     ON CONFLICT DO NOTHING`,
    [
      ...[communityId, at, terms.newcomerPosts, terms.newcomerDays, terms.unexposedViews],
      ...[rankedDays, newDays, mostOfAKind],
    ],
  );
  await db.query(
    `DELETE FROM exposure_round WHERE community_id = $1 AND round < $2::timestamptz - interval '1 day'`,
    [communityId, at],
  );
  return (await roundAt(db, communityId, at)) ?? { at, posts: [] };
};

/**
 * Posts that anybody who sees the community may read, and that are still open: those of the last months with the
 * highest rank, and the newest of newcomers or with few views. The rank is votes and answers by age, times what
 * reputation says that the author weighs.
 */
const candidates = `
  WITH post AS MATERIALIZED (
    SELECT id, 'question' AS type, author_id, created_at, live_views, score + answer_count AS worth FROM (
      SELECT * FROM question WHERE community_id = $1 AND closed_at IS NULL
        AND created_at > $2::timestamptz - make_interval(days => $6) ORDER BY heat DESC, id DESC LIMIT $8) AS hot
    UNION
    SELECT id, 'question', author_id, created_at, live_views, score + answer_count FROM (
      SELECT * FROM question WHERE community_id = $1 AND closed_at IS NULL
        AND created_at > $2::timestamptz - make_interval(days => $7) ORDER BY created_at DESC, id DESC LIMIT $8) AS newest
    UNION
    SELECT id, 'article', author_id, created_at, live_views, score + comment_count FROM (
      SELECT * FROM article WHERE community_id = $1 AND access = 'free'
        AND created_at > $2::timestamptz - make_interval(days => $6) ORDER BY created_at DESC, id DESC LIMIT $8) AS written
  ), author AS (
    SELECT author_id AS id, (
        SELECT count(*) FROM (
          (SELECT FROM question WHERE question.author_id = one.author_id LIMIT 100)
          UNION ALL (SELECT FROM article WHERE article.author_id = one.author_id LIMIT 100)) AS written) AS posts,
      (SELECT least((SELECT min(created_at) FROM question WHERE question.author_id = one.author_id),
        (SELECT min(created_at) FROM article WHERE article.author_id = one.author_id))) AS since
    FROM (SELECT DISTINCT author_id FROM post WHERE author_id IS NOT NULL) AS one
  )
  SELECT post.id, post.type, post.author_id AS "authorId",
    (greatest(worth, 0) + 1) * coalesce(author_weight.weight, 100)
      / power(extract(epoch FROM $2::timestamptz - created_at) / 3600 + 2, 1.5)::float8 AS rank,
    CASE WHEN created_at <= $2::timestamptz - make_interval(days => $7) THEN NULL
      WHEN author.posts < $3 OR author.since > $2::timestamptz - make_interval(days => $4) THEN 'newcomer'
      WHEN live_views < $5 THEN 'unexposed' END AS "isNewBecause"
  FROM post LEFT JOIN author ON author.id = author_id LEFT JOIN author_weight ON member_id = author_id
  WHERE created_at <= $2::timestamptz + interval '1 hour'`;

/** Of these, those that may be shown now, whatever was so when the round was made. */
export const shownStill = async (
  db: EntityManager,
  ids: readonly string[],
): Promise<ReadonlySet<string>> => {
  const rows = await db.query<{ id: string }[]>(
    `SELECT post.id FROM (
       SELECT id, author_id FROM question WHERE id = ANY($1::uuid[]) AND closed_at IS NULL
       UNION ALL SELECT id, author_id FROM article WHERE id = ANY($1::uuid[]) AND access = 'free'
     ) AS post
     WHERE NOT EXISTS (SELECT FROM exposure_choice WHERE member_id = author_id AND NOT is_shown)
       AND NOT EXISTS (SELECT FROM membership WHERE member_id = author_id AND status = 'banned')`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
};
