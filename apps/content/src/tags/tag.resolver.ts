import { connectionType, load, PageArgs, type Ctx } from '@lyceum/platform';
import { Args, Ctx as Context, FieldResolver, Resolver, Root } from 'type-graphql';
import { Community } from '../communities/community.type';
import { isVisible } from '../communities/standing';
import { noRows } from '../lists/no-rows';
import { communityOf } from '../posts/author';
import { Question } from '../questions/question.entity';
import { questionsOfCommunity } from '../questions/question.queries';
import { QuestionConnection } from '../questions/question.resolver';
import { OrderedPageArgs } from '../questions/questions.args';
import { Tag } from './tag.entity';
import { tagsOfCommunity, tagsOfQuestions } from './tag.queries';

export const TagConnection = connectionType('Tag', () => Tag);

@Resolver(() => Tag)
export class TagResolver {
  @FieldResolver(() => Community, { nullable: true })
  community(@Root() { communityId }: Tag) {
    return communityOf(communityId);
  }

  @FieldResolver(() => QuestionConnection)
  questions(
    @Root() { communityId, name }: Tag,
    @Context() ctx: Ctx,
    @Args(() => OrderedPageArgs) { orderBy, ...page }: OrderedPageArgs,
  ) {
    return questionsOfCommunity(ctx, communityId, {
      order: orderBy,
      page,
      filter: [['tag', name]],
    });
  }
}

@Resolver(() => Community)
export class CommunityTagsResolver {
  @FieldResolver(() => TagConnection, { nullable: true, description: 'The most used first.' })
  async tags(@Root() { id }: Community, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return (await isVisible(ctx, id))
      ? tagsOfCommunity(ctx, id, { order: 'POPULAR', page })
      : noRows;
  }
}

@Resolver(() => Question)
export class QuestionTagsResolver {
  @FieldResolver(() => [Tag])
  async tags(@Root() { id }: Question, @Context() ctx: Ctx) {
    return (await load(ctx, tagsOfQuestions, id)) ?? [];
  }
}
