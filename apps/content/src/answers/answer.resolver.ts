import type { AnswerId } from '@lyceum/contracts';
import { connectionType, load, PageArgs, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { isMemberVisible } from '../communities/member.queries';
import { Member } from '../communities/member.type';
import { noRows } from '../lists/no-rows';
import { communityOf, memberOrNull } from '../posts/author';
import { orNotFound } from '../posts/or-not-found';
import { Question } from '../questions/question.entity';
import { questionsById } from '../questions/question.queries';
import {
  acceptAnswer,
  AcceptAnswerInput,
  AcceptAnswerResult,
  unacceptAnswer,
  UnacceptAnswerInput,
  UnacceptAnswerResult,
} from './accept-answer';
import { editAnswer, EditAnswerInput, EditAnswerResult } from './edit-answer';
import { Answer } from './answer.entity';
import { answerQuestion, AnswerQuestionInput, AnswerQuestionResult } from './answer-question';
import { AnswerOrder, answersById, answersOfMember, answersOfQuestion } from './answer.queries';

export const AnswerConnection = connectionType('Answer', () => Answer);

@ArgsType()
export class AnswersArgs extends PageArgs {
  @Field(() => AnswerOrder, { defaultValue: AnswerOrder.SCORE }) orderBy!: AnswerOrder;
}

@Resolver(() => Answer)
export class AnswerResolver {
  @Query(() => Answer, { nullable: true })
  async answer(@Context() ctx: Ctx, @Arg('id', () => ID) id: AnswerId) {
    return orNotFound(await load(ctx, answersById, id), 'answer');
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Null for who is unknown or deleted.',
  })
  author(@Root() { authorId }: Answer) {
    return memberOrNull(authorId);
  }

  @FieldResolver(() => Community, { nullable: true })
  community(@Root() { communityId }: Answer) {
    return communityOf(communityId);
  }

  @FieldResolver(() => Question)
  question(@Root() { questionId }: Answer, @Context() ctx: Ctx) {
    return load(ctx, questionsById, questionId);
  }

  @FieldResolver(() => Boolean)
  async isAccepted(@Root() { id, questionId }: Answer, @Context() ctx: Ctx) {
    return (await load(ctx, questionsById, questionId))?.acceptedAnswerId === id;
  }

  @Authorized()
  @Mutation(() => EditAnswerResult, {
    nullable: true,
    description: 'By its author or a moderator; what it said before is kept.',
  })
  editAnswer(@Context() ctx: Ctx, @Arg('input', () => EditAnswerInput) input: EditAnswerInput) {
    return editAnswer(ctx, input);
  }

  @Authorized()
  @Mutation(() => AnswerQuestionResult, { nullable: true })
  answerQuestion(
    @Context() ctx: Ctx,
    @Arg('input', () => AnswerQuestionInput) input: AnswerQuestionInput,
  ) {
    return answerQuestion(ctx, input);
  }

  @Authorized()
  @Mutation(() => AcceptAnswerResult, {
    nullable: true,
    description: 'In place of the one accepted before, if any.',
  })
  acceptAnswer(
    @Context() ctx: Ctx,
    @Arg('input', () => AcceptAnswerInput) input: AcceptAnswerInput,
  ) {
    return acceptAnswer(ctx, input);
  }

  @Authorized()
  @Mutation(() => UnacceptAnswerResult, { nullable: true })
  unacceptAnswer(
    @Context() ctx: Ctx,
    @Arg('input', () => UnacceptAnswerInput) input: UnacceptAnswerInput,
  ) {
    return unacceptAnswer(ctx, input);
  }
}

@Resolver(() => Question)
export class QuestionAnswersResolver {
  @FieldResolver(() => AnswerConnection)
  answers(
    @Root() { id }: Question,
    @Context() ctx: Ctx,
    @Args(() => AnswersArgs) { orderBy, ...page }: AnswersArgs,
  ) {
    return answersOfQuestion(ctx, id, { order: orderBy, page });
  }

  @FieldResolver(() => Answer, { nullable: true })
  acceptedAnswer(@Root() { acceptedAnswerId }: Question, @Context() ctx: Ctx) {
    return acceptedAnswerId === null ? null : load(ctx, answersById, acceptedAnswerId);
  }
}

@Resolver(() => Member)
export class MemberAnswersResolver {
  @FieldResolver(() => AnswerConnection, {
    nullable: true,
    description: 'What the member answered, newest first.',
  })
  async answers(@Root() { id }: Member, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return (await isMemberVisible(ctx, id))
      ? answersOfMember(ctx, id, { order: 'NEW', page })
      : noRows;
  }
}
