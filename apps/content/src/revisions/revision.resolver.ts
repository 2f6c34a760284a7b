import { connectionType, PageArgs, type Ctx } from '@lyceum/platform';
import { Args, Ctx as Context, FieldResolver, Resolver, Root } from 'type-graphql';
import { Answer } from '../answers/answer.entity';
import { Article } from '../articles/article.entity';
import { Member } from '../communities/member.type';
import { noRows } from '../lists/no-rows';
import { mayRead } from '../paywall/may-read';
import { memberOrNull } from '../posts/author';
import { Question } from '../questions/question.entity';
import { Revision } from './revision.entity';
import { revisionsOfPost } from './revision.queries';

export const RevisionConnection = connectionType('Revision', () => Revision);

const description = 'The newest first; none for a post that was never edited.';

@Resolver(() => Revision)
export class RevisionResolver {
  @FieldResolver(() => Member, { nullable: true })
  editor(@Root() { editorId }: Revision) {
    return memberOrNull(editorId);
  }
}

@Resolver(() => Question)
export class QuestionRevisionsResolver {
  @FieldResolver(() => RevisionConnection, { description })
  revisions(@Root() { id }: Question, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return revisionsOfPost(ctx, id, { order: 'NEW', page });
  }
}

@Resolver(() => Answer)
export class AnswerRevisionsResolver {
  @FieldResolver(() => RevisionConnection, { description })
  revisions(@Root() { id }: Answer, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return revisionsOfPost(ctx, id, { order: 'NEW', page });
  }
}

@Resolver(() => Article)
export class ArticleRevisionsResolver {
  @FieldResolver(() => RevisionConnection, {
    description: `${description} None of an article that is locked for the caller.`,
  })
  async revisions(
    @Root() article: Article,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ) {
    return (await mayRead(ctx, article))
      ? revisionsOfPost(ctx, article.id, { order: 'NEW', page })
      : noRows;
  }
}
