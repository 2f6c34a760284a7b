import type { QuestionId } from '@lyceum/contracts';
import { UserError, useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember } from '../communities/standing';
import { NotEditor, PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { Question } from '../questions/question.entity';
import { lockQuestion } from '../questions/question.queries';
import { mayLink } from './link.policy';
import { addLink, removeLink } from './link.writes';
import { LinkKind } from './post-link.entity';

@InputType()
export class LinkQuestionsInput {
  @Field(() => ID) questionId!: QuestionId;
  @Field(() => ID, { description: 'Another one of the same community.' })
  relatedQuestionId!: QuestionId;
}

@ObjectType({ implements: UserError })
export class SameQuestion extends UserError {
  readonly code = 'SAME_QUESTION' as const;
  readonly message = 'A question cannot point to itself.';
}

export const LinkQuestionsResult = createUnionType({
  name: 'LinkQuestionsResult',
  types: () => [Question, PostNotFound, SameQuestion, MembershipRequired, NotEditor] as const,
});
type Result = Promise<typeof LinkQuestionsResult>;

export const linkQuestions = (
  ctx: Ctx,
  { questionId, relatedQuestionId }: LinkQuestionsInput,
): Result => reachAndChange(ctx, { questionId, relatedQuestionId, isLinked: true });

export const unlinkQuestions = (
  ctx: Ctx,
  { questionId, relatedQuestionId }: LinkQuestionsInput,
): Result => reachAndChange(ctx, { questionId, relatedQuestionId, isLinked: false });

interface LinkChange {
  readonly questionId: QuestionId;
  readonly relatedQuestionId: QuestionId;
  readonly isLinked: boolean;
}

const reachAndChange = async (ctx: Ctx, change: LinkChange): Result => {
  const question = await reachPost(ctx, change.questionId, ['question']);
  const related = await reachPost(ctx, change.relatedQuestionId, ['question']);
  if (question === null || related?.communityId !== question.communityId) return new PostNotFound();
  if (question.id === related.id) return new SameQuestion();
  return changeLink(ctx, change);
};

const changeLink = useCase(async (tx, { isLinked, ...ids }: LinkChange): Result => {
  const question = await lockQuestion(tx, ids.questionId);
  const { communityId } = question;
  const member = await actingMember(tx, communityId);
  if (member === null) return new MembershipRequired();
  if (!mayLink(member, question)) return new NotEditor();

  const link = { ...ids, kind: LinkKind.RELATED };
  if (isLinked) await addLink(tx, { ...link, communityId, by: member.memberId });
  else await removeLink(tx, link);
  return writtenRow(tx.db, Question, question.id);
});
