import type { AnswerId } from '@lyceum/contracts';
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
import { Answer } from './answer.entity';

@InputType()
export class EditAnswerInput {
  @Field(() => ID) answerId!: AnswerId;
  @Field(() => String, { description: 'Markdown, at most 30,000 characters.' }) body!: string;
  @Field(() => String, {
    defaultValue: '',
    description: 'What was changed and why, in 300 characters.',
  })
  summary!: string;
}

export const EditAnswerResult = createUnionType({
  name: 'EditAnswerResult',
  types: () =>
    [
      Answer,
      PostNotFound,
      MembershipRequired,
      NotEditor,
      PrivilegeWithheld,
      InvalidContent,
    ] as const,
});
type Result = Promise<typeof EditAnswerResult>;

export const editAnswer = async (ctx: Ctx, input: EditAnswerInput): Result => {
  const place = await reachPost(ctx, input.answerId, ['answer']);
  if (place === null) return new PostNotFound();
  const change = checkChange(input);
  if (change instanceof InvalidContent) return change;
  const refusal = await editPost(ctx, { place, change, summary: input.summary });
  return refusal ?? writtenRow(ctx.db, Answer, place.id);
};
