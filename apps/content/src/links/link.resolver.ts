import { load, PageArgs, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Question } from '../questions/question.entity';
import { QuestionConnection } from '../questions/question.resolver';
import {
  closeQuestion,
  CloseQuestionInput,
  CloseQuestionResult,
  reopenQuestion,
  ReopenQuestionInput,
  ReopenQuestionResult,
} from './close-question';
import {
  linkQuestions,
  LinkQuestionsInput,
  LinkQuestionsResult,
  unlinkQuestions,
} from './link-questions';
import { linkedQuestions, originals } from './link.queries';

@Resolver(() => Question)
export class QuestionLinksResolver {
  @FieldResolver(() => Question, {
    nullable: true,
    description: 'The question that asks the same and has the answers.',
  })
  duplicateOf(@Root() { id }: Question, @Context() ctx: Ctx) {
    return load(ctx, originals, id);
  }

  @FieldResolver(() => QuestionConnection, {
    description: 'Questions that it points to, or that point to it; the newest first.',
  })
  linkedQuestions(
    @Root() { id }: Question,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ) {
    return linkedQuestions(ctx, id, { order: 'NEW', page });
  }

  @Authorized()
  @Mutation(() => LinkQuestionsResult, {
    nullable: true,
    description: 'Says that one question is related to another.',
  })
  linkQuestions(
    @Context() ctx: Ctx,
    @Arg('input', () => LinkQuestionsInput) input: LinkQuestionsInput,
  ) {
    return linkQuestions(ctx, input);
  }

  @Authorized()
  @Mutation(() => LinkQuestionsResult, { nullable: true })
  unlinkQuestions(
    @Context() ctx: Ctx,
    @Arg('input', () => LinkQuestionsInput) input: LinkQuestionsInput,
  ) {
    return unlinkQuestions(ctx, input);
  }

  @Authorized()
  @Mutation(() => CloseQuestionResult, {
    nullable: true,
    description: 'By moderators; as a duplicate, by its author too.',
  })
  closeQuestion(
    @Context() ctx: Ctx,
    @Arg('input', () => CloseQuestionInput) input: CloseQuestionInput,
  ) {
    return closeQuestion(ctx, input);
  }

  @Authorized()
  @Mutation(() => ReopenQuestionResult, { nullable: true, description: 'By moderators.' })
  reopenQuestion(
    @Context() ctx: Ctx,
    @Arg('input', () => ReopenQuestionInput) input: ReopenQuestionInput,
  ) {
    return reopenQuestion(ctx, input);
  }
}
