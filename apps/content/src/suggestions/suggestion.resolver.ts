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
import { isVisible } from '../communities/standing';
import { noRows } from '../lists/no-rows';
import { memberOrNull } from '../posts/author';
import { postLoaders } from '../posts/post-loaders';
import { Question } from '../questions/question.entity';
import { approveEdit, DecideEditInput, DecideEditResult, rejectEdit } from './decide-edit';
import { EditSuggestion } from './edit-suggestion.entity';
import { suggestEdit, SuggestEditInput, SuggestEditResult } from './suggest-edit';
import { pendingEdits, pendingEditsOfCommunity } from './suggestion.queries';

export const EditSuggestionConnection = connectionType('EditSuggestion', () => EditSuggestion);

export const EditTarget = createUnionType({
  name: 'EditTarget',
  types: () => [Question, Answer, Article] as const,
});

@Resolver(() => EditSuggestion)
export class EditSuggestionResolver {
  @FieldResolver(() => Member, { nullable: true })
  editor(@Root() { editorId }: EditSuggestion) {
    return memberOrNull(editorId);
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Who approved or rejected it.' })
  decidedBy(@Root() { decidedBy }: EditSuggestion) {
    return memberOrNull(decidedBy);
  }

  @FieldResolver(() => EditTarget)
  target(@Root() { targetType, targetId }: EditSuggestion, @Context() ctx: Ctx) {
    return load(ctx, postLoaders[targetType], targetId);
  }

  @Authorized()
  @Mutation(() => SuggestEditResult, {
    nullable: true,
    description: "To improve somebody else's post.",
  })
  suggestEdit(@Context() ctx: Ctx, @Arg('input', () => SuggestEditInput) input: SuggestEditInput) {
    return suggestEdit(ctx, input);
  }

  @Authorized()
  @Mutation(() => DecideEditResult, {
    nullable: true,
    description: "By the post's author, a moderator, or who reviews posts by points.",
  })
  approveEdit(@Context() ctx: Ctx, @Arg('input', () => DecideEditInput) input: DecideEditInput) {
    return approveEdit(ctx, input);
  }

  @Authorized()
  @Mutation(() => DecideEditResult, {
    nullable: true,
    description: "By the post's author, a moderator, or who reviews posts by points.",
  })
  rejectEdit(@Context() ctx: Ctx, @Arg('input', () => DecideEditInput) input: DecideEditInput) {
    return rejectEdit(ctx, input);
  }
}

@Resolver(() => Community)
export class CommunityEditsResolver {
  @FieldResolver(() => EditSuggestionConnection, {
    nullable: true,
    description: 'Edits that wait to be decided, the oldest first.',
  })
  async pendingEdits(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ) {
    return (await isVisible(ctx, id))
      ? pendingEditsOfCommunity(ctx, id, { order: 'OLDEST', page })
      : noRows;
  }
}

const description = 'The edit that waits to be decided.';

@Resolver(() => Question)
export class QuestionEditResolver {
  @FieldResolver(() => EditSuggestion, { nullable: true, description })
  pendingEdit(@Root() { id }: Question, @Context() ctx: Ctx) {
    return load(ctx, pendingEdits, id);
  }
}

@Resolver(() => Answer)
export class AnswerEditResolver {
  @FieldResolver(() => EditSuggestion, { nullable: true, description })
  pendingEdit(@Root() { id }: Answer, @Context() ctx: Ctx) {
    return load(ctx, pendingEdits, id);
  }
}

@Resolver(() => Article)
export class ArticleEditResolver {
  @FieldResolver(() => EditSuggestion, { nullable: true, description })
  pendingEdit(@Root() { id }: Article, @Context() ctx: Ctx) {
    return load(ctx, pendingEdits, id);
  }
}
