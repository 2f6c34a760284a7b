import type { QuestionId } from '@lyceum/contracts';
import { connectionType, load, PageArgs, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { Member } from '../communities/member.type';
import { isMemberVisible } from '../communities/member.queries';
import { isVisible } from '../communities/standing';
import { noRows } from '../lists/no-rows';
import { communityOf, memberOrNull } from '../posts/author';
import { orNotFound } from '../posts/or-not-found';
import { askQuestion, AskQuestionInput, AskQuestionResult } from './ask-question';
import { editQuestion, EditQuestionInput, EditQuestionResult } from './edit-question';
import { Question } from './question.entity';
import { questionFilter } from './question-filter';
import { questionsById, questionsOfCommunity, questionsOfMember } from './question.queries';
import { QuestionsArgs } from './questions.args';

export const QuestionConnection = connectionType('Question', () => Question);

@Resolver(() => Question)
export class QuestionResolver {
  @Query(() => Question, { nullable: true })
  async question(@Context() ctx: Ctx, @Arg('id', () => ID) id: QuestionId) {
    return orNotFound(await load(ctx, questionsById, id), 'question');
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Null for who is unknown or deleted.',
  })
  author(@Root() { authorId }: Question) {
    return memberOrNull(authorId);
  }

  @FieldResolver(() => Community, { nullable: true })
  community(@Root() { communityId }: Question) {
    return communityOf(communityId);
  }

  @Authorized()
  @Mutation(() => EditQuestionResult, {
    nullable: true,
    description: 'By its author or a moderator; what it said before is kept.',
  })
  editQuestion(
    @Context() ctx: Ctx,
    @Arg('input', () => EditQuestionInput) input: EditQuestionInput,
  ) {
    return editQuestion(ctx, input);
  }

  @Authorized()
  @Mutation(() => AskQuestionResult, { nullable: true })
  askQuestion(@Context() ctx: Ctx, @Arg('input', () => AskQuestionInput) input: AskQuestionInput) {
    return askQuestion(ctx, input);
  }
}

@Resolver(() => Community)
export class CommunityQuestionsResolver {
  @FieldResolver(() => QuestionConnection, { nullable: true })
  async questions(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => QuestionsArgs) { orderBy, tag, search, ...page }: QuestionsArgs,
  ) {
    const filter = questionFilter({ tag, search });
    if (filter === null) return noRows; // nothing can be so
    if (!(await isVisible(ctx, id))) return noRows;
    return questionsOfCommunity(ctx, id, { order: orderBy, page, filter });
  }
}

@Resolver(() => Member)
export class MemberQuestionsResolver {
  @FieldResolver(() => QuestionConnection, {
    nullable: true,
    description: 'What the member asked, newest first.',
  })
  async questions(
    @Root() { id }: Member,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ) {
    return (await isMemberVisible(ctx, id))
      ? questionsOfMember(ctx, id, { order: 'NEW', page })
      : noRows;
  }
}
