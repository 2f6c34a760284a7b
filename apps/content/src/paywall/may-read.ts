import { isId, may, roles } from '@lyceum/contracts';
import type { BatchQuery, Ctx } from '@lyceum/platform';
import { load } from '@lyceum/platform';
import type { Article } from '../articles/article.entity';

const staff = roles.filter((role) => may(role, 'content.moderate'));

/**
 * Which of these articles the caller has a right to: free ones, one's own, those of a community one moderates, and what
 * one is entitled to now, by itself or with all of its community. An id that is not in the map is locked.
 */
const readable: BatchQuery<string, true> = async (ctx, ids) => {
  const rows = await ctx.db.query<{ id: string }[]>(
    `SELECT article.id FROM article
     WHERE article.id = ANY($1::uuid[]) AND (
       article.access = 'free'
       OR EXISTS (
         SELECT FROM membership
         WHERE membership.account_id = $2::uuid AND membership.community_id = article.community_id
           AND membership.status = 'active'
           AND (membership.member_id = article.author_id OR membership.role = ANY($4::text[])))
       OR EXISTS (
         SELECT FROM entitlement JOIN entitlement_grant AS opened ON opened.entitlement_id = entitlement.id
         WHERE entitlement.account_id = $2::uuid AND entitlement.community_id = article.community_id
           AND entitlement.status = 'active'
           AND entitlement.starts_at <= $3 AND (entitlement.ends_at IS NULL OR entitlement.ends_at > $3)
           AND (opened.subject_type = 'article' AND opened.subject_id = article.id
             OR opened.subject_type = 'community' AND opened.subject_id = article.community_id)))`,
    [
      ids.filter(isId),
      ctx.actor.kind === 'user' ? ctx.actor.accountId : null,
      ctx.deps.now(),
      staff,
    ],
  );
  return new Map(rows.map(({ id }) => [id, true]));
};

/**
 * Whether the caller may read the article's text. Everything that shows it, or what it said before, asks this; nothing
 * of a locked article but its title and its preview leaves the server.
 */
export const mayRead = async (
  ctx: Ctx,
  article: Pick<Article, 'id' | 'access'>,
): Promise<boolean> =>
  article.access === 'free' || (await load(ctx, readable, article.id)) === true;

/** The same by its id alone. */
export const mayReadById = async (ctx: Ctx, articleId: string): Promise<boolean> =>
  (await load(ctx, readable, articleId)) === true;
