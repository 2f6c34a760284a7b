import { load, type Ctx } from '@lyceum/platform';
import {
  Arg,
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
import { Comment } from '../comments/comment.entity';
import { postLoaders } from '../posts/post-loaders';
import { Question } from '../questions/question.entity';
import { vote, VoteInput, VoteNow, VoteResult } from './vote';
import { toVoteValue, VoteValue } from './vote-value';
import { viewerVotes } from './vote.queries';

export const VoteTarget = createUnionType({
  name: 'VoteTarget',
  types: () => [Question, Answer, Comment, Article] as const,
});

@Resolver(() => VoteNow)
export class VoteResolver {
  @FieldResolver(() => VoteTarget)
  target(@Root() { targetType, targetId }: VoteNow, @Context() ctx: Ctx) {
    return load(ctx, postLoaders[targetType], targetId);
  }

  @Authorized()
  @Mutation(() => VoteResult, { nullable: true })
  vote(@Context() ctx: Ctx, @Arg('input', () => VoteInput) input: VoteInput) {
    return vote(ctx, input);
  }
}

const viewerVote = async (ctx: Ctx, id: string): Promise<VoteValue> =>
  toVoteValue((await load(ctx, viewerVotes, id)) ?? 0);

const description = "The viewer's own.";

@Resolver(() => Question)
export class QuestionVoteResolver {
  @FieldResolver(() => VoteValue, { description })
  viewerVote(@Root() { id }: Question, @Context() ctx: Ctx) {
    return viewerVote(ctx, id);
  }
}

@Resolver(() => Answer)
export class AnswerVoteResolver {
  @FieldResolver(() => VoteValue, { description })
  viewerVote(@Root() { id }: Answer, @Context() ctx: Ctx) {
    return viewerVote(ctx, id);
  }
}

@Resolver(() => Comment)
export class CommentVoteResolver {
  @FieldResolver(() => VoteValue, { description })
  viewerVote(@Root() { id }: Comment, @Context() ctx: Ctx) {
    return viewerVote(ctx, id);
  }
}

@Resolver(() => Article)
export class ArticleVoteResolver {
  @FieldResolver(() => VoteValue, { description })
  viewerVote(@Root() { id }: Article, @Context() ctx: Ctx) {
    return viewerVote(ctx, id);
  }
}
