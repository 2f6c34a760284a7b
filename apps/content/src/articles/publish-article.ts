import {
  ArticleAccessChanged,
  ArticlePublished,
  isId,
  type ArticleId,
  type CommunityId,
} from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { RulesNotAccepted, withRules } from '../communities/charter';
import { CommunityUnknown, MembershipRequired } from '../communities/membership.errors';
import { actingMember, isVisible, learnStanding } from '../communities/standing';
import { claimKey, IdempotencyConflict } from '../idempotency/claim-key';
import { ArticleAccess } from '../paywall/article-access';
import { writtenRow } from '../posts/rows-by-id';
import { withheldLinks } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { checkBody, checkIdempotencyKey, checkTitle } from '../text/check-text';
import { InvalidContent } from '../text/invalid-content';
import { renderPost } from '../text/markdown';
import { Article } from './article.entity';

@InputType()
export class PublishArticleInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String, { description: 'At most 200 characters.' }) title!: string;
  @Field(() => String, { description: 'Markdown, at most 30,000 characters.' }) body!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The same key again publishes nothing twice.',
  })
  idempotencyKey?: string | null;
  @Field(() => ArticleAccess, { defaultValue: ArticleAccess.FREE }) access?: ArticleAccess;
  @Field(() => String, {
    nullable: true,
    description:
      'Of a paid article: what everybody sees, in Markdown. Nothing of the text itself is shown otherwise.',
  })
  preview?: string | null;
}

export const PublishArticleResult = createUnionType({
  name: 'PublishArticleResult',
  types: () =>
    [
      Article,
      CommunityUnknown,
      MembershipRequired,
      RulesNotAccepted,
      PrivilegeWithheld,
      InvalidContent,
      IdempotencyConflict,
    ] as const,
});
type Result = Promise<typeof PublishArticleResult>;

export const publishArticle = async (ctx: Ctx, input: PublishArticleInput): Result => {
  if (!isId(input.communityId)) return new CommunityUnknown();
  await learnStanding(ctx, input.communityId);
  return (await isVisible(ctx, input.communityId))
    ? withRules(ctx, input.communityId, () => publish(ctx, input))
    : new CommunityUnknown();
};

const publish = useCase(async (tx, input: PublishArticleInput): Result => {
  const { communityId, title, body } = input;
  const member = await actingMember(tx, communityId);
  if (member === null) return new MembershipRequired();
  if (member.owedCharter !== null) return new RulesNotAccepted(member.owedCharter);
  const { access = ArticleAccess.FREE, preview = null } = input;
  const problem =
    checkTitle(title) ??
    checkBody(body) ??
    (preview === null || preview === '' ? null : checkBody(preview)) ??
    checkIdempotencyKey(input.idempotencyKey);
  if (problem !== null) return problem;
  const claim = await claimKey(tx, { operation: 'publishArticle', input });
  if (claim instanceof IdempotencyConflict) return claim;
  if (claim.isReplay) return writtenRow(tx.db, Article, claim.id);
  const [html, previewHtml] = [renderPost(body), renderPost(preview ?? '')];
  const refusal = await withheldLinks(tx, member, { after: html + previewHtml });
  if (refusal !== null) return refusal;

  const id = claim.id as ArticleId; // made for it
  await tx.db.query(
    `INSERT INTO article (id, community_id, author_id, title, body_source, body_html, created_at, access,
       preview_source, preview_html, access_version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`,
    [
      ...[id, communityId, member.memberId, title, body, html, tx.now],
      ...[access, preview, previewHtml],
    ],
  );
  const of = { communityId, articleId: id, authorId: member.memberId };
  await tx.emit(ArticlePublished, of);
  if (access === ArticleAccess.PAID)
    await tx.emit(ArticleAccessChanged, { ...of, isPaid: true, version: 1 });
  return writtenRow(tx.db, Article, id);
});
