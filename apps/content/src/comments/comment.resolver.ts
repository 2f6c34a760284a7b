import { connectionType, load, PageArgs, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  createUnionType,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Answer } from '../answers/answer.entity';
import { Article } from '../articles/article.entity';
import { Community } from '../communities/community.type';
import { Member } from '../communities/member.type';
import { communityOf, memberOrNull } from '../posts/author';
import { postLoaders } from '../posts/post-loaders';
import { Question } from '../questions/question.entity';
import { comment, CommentInput, CommentResult } from './comment';
import { Comment } from './comment.entity';
import { commentsOfPost } from './comment.queries';

export const CommentConnection = connectionType('Comment', () => Comment);

export const CommentTarget = createUnionType({
  name: 'CommentTarget',
  types: () => [Question, Answer, Article] as const,
});

@Resolver(() => Comment)
export class CommentResolver {
  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Null for who is unknown or deleted.',
  })
  author(@Root() { authorId }: Comment) {
    return memberOrNull(authorId);
  }

  @FieldResolver(() => Community, { nullable: true })
  community(@Root() { communityId }: Comment) {
    return communityOf(communityId);
  }

  @FieldResolver(() => CommentTarget, { description: 'What it is about.' })
  target(@Root() { targetType, targetId }: Comment, @Context() ctx: Ctx) {
    return load(ctx, postLoaders[targetType], targetId);
  }

  @Authorized()
  @Mutation(() => CommentResult, { nullable: true })
  comment(@Context() ctx: Ctx, @Arg('input', () => CommentInput) input: CommentInput) {
    return comment(ctx, input);
  }
}

@Resolver(() => Question)
export class QuestionCommentsResolver {
  @FieldResolver(() => CommentConnection)
  comments(@Root() { id }: Question, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return commentsOfPost(ctx, id, { order: 'OLDEST', page });
  }
}

@Resolver(() => Answer)
export class AnswerCommentsResolver {
  @FieldResolver(() => CommentConnection)
  comments(@Root() { id }: Answer, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return commentsOfPost(ctx, id, { order: 'OLDEST', page });
  }
}

@Resolver(() => Article)
export class ArticleCommentsResolver {
  @FieldResolver(() => CommentConnection)
  comments(@Root() { id }: Article, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return commentsOfPost(ctx, id, { order: 'OLDEST', page });
  }
}
