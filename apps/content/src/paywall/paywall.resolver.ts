import type { Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Article } from '../articles/article.entity';
import { EditSuggestion } from '../suggestions/edit-suggestion.entity';
import { mayRead, mayReadById } from './may-read';
import {
  setArticleAccess,
  SetArticleAccessInput,
  SetArticleAccessResult,
} from './set-article-access';

/** The only fields in which an article's text leaves. */
@Resolver(() => Article)
export class PaywallResolver {
  @FieldResolver(() => String, {
    description: 'HTML, sanitised: safe to show as it is. Of a locked article its preview alone.',
  })
  async body(@Root() article: Article, @Context() ctx: Ctx): Promise<string> {
    return (await mayRead(ctx, article)) ? article.bodyHtml : article.previewHtml;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'As its author wrote it, in Markdown. Null of a locked article.',
  })
  async bodyMarkdown(@Root() article: Article, @Context() ctx: Ctx): Promise<string | null> {
    return (await mayRead(ctx, article)) ? article.bodyMarkdown : null;
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the caller would have to pay to read it; `offers` says for what.',
  })
  async isLocked(@Root() article: Article, @Context() ctx: Ctx): Promise<boolean> {
    return !(await mayRead(ctx, article));
  }

  @Authorized()
  @Mutation(() => SetArticleAccessResult, {
    nullable: true,
    description:
      'Puts an article behind the paywall, or gives it to all; by its author or a moderator.',
  })
  setArticleAccess(
    @Context() ctx: Ctx,
    @Arg('input', () => SetArticleAccessInput) input: SetArticleAccessInput,
  ): Promise<typeof SetArticleAccessResult> {
    return setArticleAccess(ctx, input);
  }
}

/** A suggested edit of a locked article has its text, too. */
@Resolver(() => EditSuggestion)
export class LockedSuggestionResolver {
  @FieldResolver(() => String, {
    description: 'Empty when it is of an article that is locked for the caller.',
  })
  async bodyMarkdown(@Root() suggestion: EditSuggestion, @Context() ctx: Ctx): Promise<string> {
    const { targetType, targetId, bodyMarkdown } = suggestion;
    return targetType !== 'article' || (await mayReadById(ctx, targetId)) ? bodyMarkdown : '';
  }
}
