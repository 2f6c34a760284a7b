import { ArticleAccessChanged, type ArticleId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { Article } from '../articles/article.entity';
import { MembershipRequired } from '../communities/membership.errors';
import { mayEdit } from '../communities/rights';
import { actingMember } from '../communities/standing';
import { NotEditor, PostNotFound } from '../posts/post.errors';
import { lockPost, reachPost, type PostPlace } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { checkBody } from '../text/check-text';
import { InvalidContent } from '../text/invalid-content';
import { renderPost } from '../text/markdown';
import { ArticleAccess } from './article-access';

@InputType()
export class SetArticleAccessInput {
  @Field(() => ID) articleId!: ArticleId;
  @Field(() => ArticleAccess) access!: ArticleAccess;
  @Field(() => String, {
    nullable: true,
    description:
      'What everybody sees, in Markdown; as before when it is left out. No part of the text is shown otherwise.',
  })
  preview?: string | null;
}

export const SetArticleAccessResult = createUnionType({
  name: 'SetArticleAccessResult',
  types: () => [Article, PostNotFound, MembershipRequired, NotEditor, InvalidContent] as const,
});
type Result = Promise<typeof SetArticleAccessResult>;

/** Puts an article behind the paywall, or gives it to all; by its author or a moderator. */
export const setArticleAccess = async (ctx: Ctx, input: SetArticleAccessInput): Result => {
  const place = await reachPost(ctx, input.articleId, ['article']);
  if (place === null) return new PostNotFound();
  const problem = input.preview == null || input.preview === '' ? null : checkBody(input.preview);
  return problem ?? change(ctx, { place, input });
};

const change = useCase(
  async (tx, { place, input }: { place: PostPlace; input: SetArticleAccessInput }): Result => {
    const member = await actingMember(tx, place.communityId);
    if (member === null) return new MembershipRequired();
    const article = await lockPost(tx.db, place);
    if (!mayEdit(member, article)) return new NotEditor();
    const preview = input.preview ?? null;
    const [[changed]] = await tx.db.query<[{ version: number }[], number]>(
      `UPDATE article
       SET access = $2, access_version = access_version + 1,
           preview_source = CASE WHEN $3::text IS NULL THEN preview_source ELSE $3 END,
           preview_html = CASE WHEN $3::text IS NULL THEN preview_html ELSE $4 END
       WHERE id = $1 AND (access <> $2 OR $3::text IS NOT NULL)
       RETURNING access_version AS version`,
      [place.id, input.access, preview, preview === null ? '' : renderPost(preview)],
    );
    if (changed !== undefined)
      await tx.emit(ArticleAccessChanged, {
        articleId: input.articleId,
        communityId: place.communityId,
        authorId: article.authorId,
        isPaid: input.access === ArticleAccess.PAID,
        version: changed.version,
      });
    return writtenRow(tx.db, Article, place.id);
  },
);
