import { isId, QuestionAsked, type CommunityId, type QuestionId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { RulesNotAccepted, withRules } from '../communities/charter';
import { CommunityUnknown, MembershipRequired } from '../communities/membership.errors';
import { actingMember, isVisible, learnStanding } from '../communities/standing';
import { claimKey, IdempotencyConflict } from '../idempotency/claim-key';
import { writtenRow } from '../posts/rows-by-id';
import { withheldLinks, withheldTags } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { parseTags } from '../tags/tag-names';
import { setTags } from '../tags/tag.writes';
import { checkBody, checkIdempotencyKey, checkTitle } from '../text/check-text';
import { InvalidContent } from '../text/invalid-content';
import { renderPost } from '../text/markdown';
import { Question } from './question.entity';

@InputType()
export class AskQuestionInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String, { description: 'At most 200 characters.' }) title!: string;
  @Field(() => String, { description: 'Markdown, at most 30,000 characters.' }) body!: string;
  @Field(() => [String], { defaultValue: [], description: 'At most 5.' }) tags!: string[];
  @Field(() => String, { nullable: true, description: 'The same key again asks nothing twice.' })
  idempotencyKey?: string | null;
}

export const AskQuestionResult = createUnionType({
  name: 'AskQuestionResult',
  types: () =>
    [
      Question,
      CommunityUnknown,
      MembershipRequired,
      RulesNotAccepted,
      PrivilegeWithheld,
      InvalidContent,
      IdempotencyConflict,
    ] as const,
});
type Result = Promise<typeof AskQuestionResult>;

export const askQuestion = async (ctx: Ctx, input: AskQuestionInput): Result => {
  if (!isId(input.communityId)) return new CommunityUnknown();
  await learnStanding(ctx, input.communityId);
  return (await isVisible(ctx, input.communityId))
    ? withRules(ctx, input.communityId, () => ask(ctx, input))
    : new CommunityUnknown();
};

const ask = useCase(async (tx, input: AskQuestionInput): Result => {
  const { communityId, title, body } = input;
  const member = await actingMember(tx, communityId);
  if (member === null) return new MembershipRequired();
  if (member.owedCharter !== null) return new RulesNotAccepted(member.owedCharter);
  const problem = checkTitle(title) ?? checkBody(body) ?? checkIdempotencyKey(input.idempotencyKey);
  if (problem !== null) return problem;
  const tags = parseTags(input.tags);
  if (tags instanceof InvalidContent) return tags;
  const claim = await claimKey(tx, { operation: 'askQuestion', input });
  if (claim instanceof IdempotencyConflict) return claim;
  if (claim.isReplay) return writtenRow(tx.db, Question, claim.id);
  const html = renderPost(body);
  const refusal =
    (await withheldLinks(tx, member, { after: html })) ??
    (await withheldTags(tx, member, { communityId, names: tags }));
  if (refusal !== null) return refusal;

  const id = claim.id as QuestionId; // made for it
  await tx.db.query(
    `INSERT INTO question (id, community_id, author_id, title, body_source, body_html, created_at, last_activity_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [id, communityId, member.memberId, title, body, html, tx.now],
  );
  await setTags(tx, { id, communityId }, tags);
  await tx.emit(QuestionAsked, {
    communityId,
    questionId: id,
    authorId: member.memberId,
    tags: [...tags],
  });
  return writtenRow(tx.db, Question, id);
});
