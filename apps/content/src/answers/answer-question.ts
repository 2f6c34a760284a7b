import { AnswerPosted, type AnswerId, type QuestionId } from '@lyceum/contracts';
import { useCase, type Ctx, UserError } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { RulesNotAccepted, withRules } from '../communities/charter';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember } from '../communities/standing';
import { claimKey, IdempotencyConflict } from '../idempotency/claim-key';
import { PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { withheldLinks } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { lockQuestion } from '../questions/question.queries';
import { checkBody, checkIdempotencyKey } from '../text/check-text';
import { InvalidContent } from '../text/invalid-content';
import { renderPost } from '../text/markdown';
import { Answer } from './answer.entity';

@InputType()
export class AnswerQuestionInput {
  @Field(() => ID) questionId!: QuestionId;
  @Field(() => String, { description: 'Markdown, at most 30,000 characters.' }) body!: string;
  @Field(() => String, { nullable: true, description: 'The same key again answers nothing twice.' })
  idempotencyKey?: string | null;
}

@ObjectType({ implements: UserError })
export class QuestionClosed extends UserError {
  readonly code = 'QUESTION_CLOSED' as const;
  readonly message = 'The question is closed: it takes no more answers.';
}

export const AnswerQuestionResult = createUnionType({
  name: 'AnswerQuestionResult',
  types: () =>
    [
      Answer,
      PostNotFound,
      MembershipRequired,
      RulesNotAccepted,
      PrivilegeWithheld,
      QuestionClosed,
      InvalidContent,
      IdempotencyConflict,
    ] as const,
});
type Result = Promise<typeof AnswerQuestionResult>;

export const answerQuestion = async (ctx: Ctx, input: AnswerQuestionInput): Result => {
  const place = await reachPost(ctx, input.questionId, ['question']);
  return place === null
    ? new PostNotFound()
    : withRules(ctx, place.communityId, () => answer(ctx, input));
};

const answer = useCase(async (tx, input: AnswerQuestionInput): Result => {
  const { body } = input;
  const question = await lockQuestion(tx, input.questionId);
  const { communityId } = question;
  const member = await actingMember(tx, communityId);
  if (member === null) return new MembershipRequired();
  if (member.owedCharter !== null) return new RulesNotAccepted(member.owedCharter);
  const problem = checkBody(body) ?? checkIdempotencyKey(input.idempotencyKey);
  if (problem !== null) return problem;
  const claim = await claimKey(tx, { operation: 'answerQuestion', input });
  if (claim instanceof IdempotencyConflict) return claim;
  if (claim.isReplay) return writtenRow(tx.db, Answer, claim.id);
  if (question.closedAt !== null) return new QuestionClosed();
  const html = renderPost(body);
  const refusal = await withheldLinks(tx, member, { after: html });
  if (refusal !== null) return refusal;

  const id = claim.id as AnswerId; // made for it
  await tx.db.query(
    `INSERT INTO answer (id, community_id, question_id, author_id, body_source, body_html, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, communityId, question.id, member.memberId, body, html, tx.now],
  );
  await tx.db.query(
    `UPDATE question SET answer_count = answer_count + 1, last_activity_at = greatest(last_activity_at, $2)
     WHERE id = $1`,
    [question.id, tx.now],
  );
  await tx.emit(AnswerPosted, {
    communityId,
    questionId: question.id,
    answerId: id,
    authorId: member.memberId,
  });
  return writtenRow(tx.db, Answer, id);
});
