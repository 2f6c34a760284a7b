import type { ArticleId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { MembershipRequired } from '../communities/membership.errors';
import { NotEditor, PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { checkChange } from '../revisions/check-change';
import { editPost } from '../revisions/edit-post';
import { InvalidContent } from '../text/invalid-content';
import { Article } from './article.entity';

@InputType({ description: 'What is left out stays as it is.' })
export class EditArticleInput {
  @Field(() => ID) articleId!: ArticleId;
  @Field(() => String, { nullable: true, description: 'At most 200 characters.' })
  title?: string | null;
  @Field(() => String, { nullable: true, description: 'Markdown, at most 30,000 characters.' })
  body?: string | null;
  @Field(() => String, {
    defaultValue: '',
    description: 'What was changed and why, in 300 characters.',
  })
  summary!: string;
}

export const EditArticleResult = createUnionType({
  name: 'EditArticleResult',
  types: () =>
    [
      Article,
      PostNotFound,
      MembershipRequired,
      NotEditor,
      PrivilegeWithheld,
      InvalidContent,
    ] as const,
});
type Result = Promise<typeof EditArticleResult>;

export const editArticle = async (ctx: Ctx, input: EditArticleInput): Result => {
  const place = await reachPost(ctx, input.articleId, ['article']);
  if (place === null) return new PostNotFound();
  const change = checkChange(input);
  if (change instanceof InvalidContent) return change;
  const refusal = await editPost(ctx, { place, change, summary: input.summary });
  return refusal ?? writtenRow(ctx.db, Article, place.id);
};
