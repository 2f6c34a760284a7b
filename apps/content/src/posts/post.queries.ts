import { isId, type CommunityId, type MemberId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { isVisible, learnStanding } from '../communities/standing';
import type { VotableType } from './post-type';

/** What never changes of a post: where it is and of which kind. */
export interface PostPlace {
  readonly id: string;
  readonly type: VotableType;
  readonly communityId: CommunityId;
}

const tables = ['question', 'answer', 'comment', 'article'] as const satisfies VotableType[];

const findPlace = async (db: EntityManager, id: string): Promise<PostPlace | null> => {
  const kinds = tables.map(
    (table) =>
      `SELECT id, '${table}' AS type, community_id AS "communityId" FROM ${table} WHERE id = $1`,
  );
  const [place] = await db.query<PostPlace[]>(kinds.join(' UNION ALL '), [id]);
  return place ?? null;
};

/**
 * The start of a command on a post, before its transaction: the post of that id, if it is of one of these kinds and
 * the actor can see it. The actor's membership is then known here, if there is one.
 */
export const reachPost = async <Kind extends VotableType>(
  ctx: Ctx,
  id: string,
  kinds: readonly Kind[],
): Promise<(PostPlace & { readonly type: Kind }) | null> => {
  const place = isId(id) ? await findPlace(ctx.db, id) : null;
  if (place === null || !isOneOf(kinds, place)) return null;
  await learnStanding(ctx, place.communityId);
  return (await isVisible(ctx, place.communityId)) ? place : null;
};

const isOneOf = <Kind extends VotableType>(
  kinds: readonly Kind[],
  place: PostPlace,
): place is PostPlace & { readonly type: Kind } =>
  (kinds as readonly string[]).includes(place.type);

export interface LockedPost {
  readonly authorId: MemberId | null;
  readonly score: number;
  /** Since when the community owns it; never for comments and articles. */
  readonly communityOwnedAt: Date | null;
}

/** Locks the post's row until the transaction ends, so that its counters are exact; then reads it. */
export const lockPost = async (
  db: EntityManager,
  { id, type }: Pick<PostPlace, 'id' | 'type'>,
): Promise<LockedPost> => {
  const ownedAt =
    type === 'question' || type === 'answer' ? 'community_owned_at' : 'NULL::timestamptz';
  const [row] = await db.query<LockedPost[]>(
    `SELECT author_id AS "authorId", score, ${ownedAt} AS "communityOwnedAt"
     FROM ${type} WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  if (row === undefined) throw new Error(`${type} ${id} is gone: posts are never deleted`);
  return row;
};
