import type { ArticleId } from '@lyceum/contracts';
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
import { isVisible } from '../communities/standing';
import { noRows } from '../lists/no-rows';
import { communityOf, memberOrNull } from '../posts/author';
import { orNotFound } from '../posts/or-not-found';
import { editArticle, EditArticleInput, EditArticleResult } from './edit-article';
import { Article } from './article.entity';
import {
  ArticleOrder,
  articlesById,
  articlesOfCommunity,
  articlesOfMember,
} from './article.queries';
import { publishArticle, PublishArticleInput, PublishArticleResult } from './publish-article';

export const ArticleConnection = connectionType('Article', () => Article);

@ArgsType()
export class ArticlesArgs extends PageArgs {
  @Field(() => ArticleOrder, { defaultValue: ArticleOrder.NEW }) orderBy!: ArticleOrder;
}

@Resolver(() => Article)
export class ArticleResolver {
  @Query(() => Article, { nullable: true })
  async article(@Context() ctx: Ctx, @Arg('id', () => ID) id: ArticleId) {
    return orNotFound(await load(ctx, articlesById, id), 'article');
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Null for who is unknown or deleted.',
  })
  author(@Root() { authorId }: Article) {
    return memberOrNull(authorId);
  }

  @FieldResolver(() => Community, { nullable: true })
  community(@Root() { communityId }: Article) {
    return communityOf(communityId);
  }

  @Authorized()
  @Mutation(() => EditArticleResult, {
    nullable: true,
    description: 'By its author or a moderator; what it said before is kept.',
  })
  editArticle(@Context() ctx: Ctx, @Arg('input', () => EditArticleInput) input: EditArticleInput) {
    return editArticle(ctx, input);
  }

  @Authorized()
  @Mutation(() => PublishArticleResult, { nullable: true })
  publishArticle(
    @Context() ctx: Ctx,
    @Arg('input', () => PublishArticleInput) input: PublishArticleInput,
  ) {
    return publishArticle(ctx, input);
  }
}

@Resolver(() => Community)
export class CommunityArticlesResolver {
  @FieldResolver(() => ArticleConnection, { nullable: true })
  async articles(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => ArticlesArgs) { orderBy, ...page }: ArticlesArgs,
  ) {
    return (await isVisible(ctx, id))
      ? articlesOfCommunity(ctx, id, { order: orderBy, page })
      : noRows;
  }
}

@Resolver(() => Member)
export class MemberArticlesResolver {
  @FieldResolver(() => ArticleConnection, {
    nullable: true,
    description: 'What the member published, newest first.',
  })
  async articles(
    @Root() { id }: Member,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ) {
    return (await isMemberVisible(ctx, id))
      ? articlesOfMember(ctx, id, { order: 'NEW', page })
      : noRows;
  }
}
