import { AcceptanceRecorded, type AnswerId, type QuestionId } from '@lyceum/contracts';
import { UserError, useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember } from '../communities/standing';
import { isCommunityOwned } from '../posts/community-owned';
import { PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { Question } from '../questions/question.entity';
import { lockQuestion } from '../questions/question.queries';
import { Answer } from './answer.entity';
import { mayAccept } from './answer.policy';

@InputType()
export class AcceptAnswerInput {
  @Field(() => ID) answerId!: AnswerId;
}

@InputType()
export class UnacceptAnswerInput {
  @Field(() => ID) questionId!: QuestionId;
}

@ObjectType({ implements: UserError })
export class NotQuestionAuthor extends UserError {
  readonly code = 'NOT_QUESTION_AUTHOR' as const;
  readonly message = 'Only who asked the question may accept an answer to it.';
}

export const AcceptAnswerResult = createUnionType({
  name: 'AcceptAnswerResult',
  types: () => [Answer, PostNotFound, MembershipRequired, NotQuestionAuthor] as const,
});
type AcceptResult = Promise<typeof AcceptAnswerResult>;

export const UnacceptAnswerResult = createUnionType({
  name: 'UnacceptAnswerResult',
  types: () => [Question, PostNotFound, MembershipRequired, NotQuestionAuthor] as const,
});
type UnacceptResult = Promise<typeof UnacceptAnswerResult>;

/** Accepting another answer takes the place of the one before; accepting the same changes nothing. */
export const acceptAnswer = async (ctx: Ctx, input: AcceptAnswerInput): AcceptResult =>
  (await reachPost(ctx, input.answerId, ['answer'])) === null
    ? new PostNotFound()
    : accept(ctx, input);

const accept = useCase(async (tx, { answerId }: AcceptAnswerInput): AcceptResult => {
  const answer = await writtenRow(tx.db, Answer, answerId);
  const question = await lockQuestion(tx, answer.questionId);
  const refusal = await refuse(tx, question);
  if (refusal !== null) return refusal;
  if (question.acceptedAnswerId !== answer.id) await record(tx, question, answer);
  return answer;
});

export const unacceptAnswer = async (ctx: Ctx, input: UnacceptAnswerInput): UnacceptResult =>
  (await reachPost(ctx, input.questionId, ['question'])) === null
    ? new PostNotFound()
    : unaccept(ctx, input);

const unaccept = useCase(async (tx, { questionId }: UnacceptAnswerInput): UnacceptResult => {
  const question = await lockQuestion(tx, questionId);
  const refusal = await refuse(tx, question);
  if (refusal !== null) return refusal;
  if (question.acceptedAnswerId !== null) await record(tx, question, null);
  return writtenRow(tx.db, Question, questionId);
});

const refuse = async (
  tx: Tx,
  question: Question,
): Promise<MembershipRequired | NotQuestionAuthor | null> => {
  const member = await actingMember(tx, question.communityId);
  if (member === null) return new MembershipRequired();
  return mayAccept(member, question) ? null : new NotQuestionAuthor();
};

const record = async (tx: Tx, question: Question, answer: Answer | null): Promise<void> => {
  const version = question.acceptanceVersion + 1;
  await tx.db.query(
    `UPDATE question SET accepted_answer_id = $2, accepted_at = $3, acceptance_version = $4 WHERE id = $1`,
    [question.id, answer?.id ?? null, answer === null ? null : tx.now, version],
  );
  await tx.emit(AcceptanceRecorded, {
    communityId: question.communityId,
    questionId: question.id,
    version,
    answerId: answer?.id ?? null,
    answerAuthorId: answer?.authorId ?? null,
    askerId: question.authorId,
    earnsPoints: answer === null || !isCommunityOwned(answer, tx.now),
  });
};
