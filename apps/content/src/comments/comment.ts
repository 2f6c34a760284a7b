import { CommentPosted, type CommentId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { RulesNotAccepted, withRules } from '../communities/charter';
import { MembershipRequired } from '../communities/membership.errors';
import { isAuthor, type Acting } from '../communities/rights';
import { actingMember } from '../communities/standing';
import { claimKey, IdempotencyConflict } from '../idempotency/claim-key';
import type { PostType } from '../posts/post-type';
import { PostNotFound } from '../posts/post.errors';
import { lockPost, reachPost, type LockedPost, type PostPlace } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { withheld, withheldLinks } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { checkCommentBody, checkIdempotencyKey } from '../text/check-text';
import { InvalidContent } from '../text/invalid-content';
import { renderComment } from '../text/markdown';
import { Comment } from './comment.entity';

@InputType()
export class CommentInput {
  @Field(() => ID, { description: 'A question, an answer or an article.' }) targetId!: string;
  @Field(() => String, {
    description: 'At most 5,000 characters; emphasis, code and links as in Markdown.',
  })
  body!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The same key again comments nothing twice.',
  })
  idempotencyKey?: string | null;
}

export const CommentResult = createUnionType({
  name: 'CommentResult',
  types: () =>
    [
      Comment,
      PostNotFound,
      MembershipRequired,
      RulesNotAccepted,
      PrivilegeWithheld,
      InvalidContent,
      IdempotencyConflict,
    ] as const,
});
type Result = Promise<typeof CommentResult>;

export const comment = async (ctx: Ctx, input: CommentInput): Result => {
  const place = await reachPost(ctx, input.targetId, ['question', 'answer', 'article']);
  return place === null
    ? new PostNotFound()
    : withRules(ctx, place.communityId, () => post(ctx, { place, input }));
};

interface Posting {
  readonly place: PostPlace & { readonly type: PostType };
  readonly input: CommentInput;
}

const post = useCase(async (tx, { place, input }: Posting): Result => {
  const { communityId } = place;
  const member = await actingMember(tx, communityId);
  if (member === null) return new MembershipRequired();
  if (member.owedCharter !== null) return new RulesNotAccepted(member.owedCharter);
  const problem = checkCommentBody(input.body) ?? checkIdempotencyKey(input.idempotencyKey);
  if (problem !== null) return problem;
  const target = await lockPost(tx.db, place); // before the key: all commands take their locks in this order
  const claim = await claimKey(tx, { operation: 'comment', input });
  if (claim instanceof IdempotencyConflict) return claim;
  if (claim.isReplay) return writtenRow(tx.db, Comment, claim.id);
  const html = renderComment(input.body);
  const refusal =
    (await withheldComment(tx, member, { place, target })) ??
    (await withheldLinks(tx, member, { after: html }));
  if (refusal !== null) return refusal;

  const id = claim.id as CommentId; // made for it
  await tx.db.query(
    `INSERT INTO comment (id, community_id, target_type, target_id, author_id, body_source, body_html, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, communityId, place.type, place.id, member.memberId, input.body, html, tx.now],
  );
  await tx.db.query(`UPDATE ${place.type} SET comment_count = comment_count + 1 WHERE id = $1`, [
    place.id,
  ]);
  await tx.emit(CommentPosted, {
    communityId,
    commentId: id,
    targetType: place.type,
    targetId: place.id,
    authorId: member.memberId,
  });
  return writtenRow(tx.db, Comment, id);
});

/** Everybody talks below what they asked or wrote, and below the answers to it; elsewhere rules may ask for points. */
const withheldComment = async (
  tx: Tx,
  member: Acting,
  { place, target }: { readonly place: Posting['place']; readonly target: LockedPost },
): Promise<PrivilegeWithheld | null> => {
  const refusal = isAuthor(member, target) ? null : await withheld(tx, member, 'comment');
  if (refusal === null || place.type !== 'answer') return refusal;
  const own = await tx.db.query<unknown[]>(
    `SELECT FROM answer JOIN question ON question.id = question_id WHERE answer.id = $1 AND question.author_id = $2`,
    [place.id, member.memberId],
  );
  return own.length > 0 ? null : refusal;
};
