import { newId } from '@lyceum/contracts';
import { UserError, useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember } from '../communities/standing';
import { PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { lockContent, type EditablePlace } from '../posts/post-content';
import { writtenRow } from '../posts/rows-by-id';
import { withheldEdit } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { contentAfter, lastRevision, type Change } from '../revisions/apply-edit';
import { checkChange } from '../revisions/check-change';
import { notEditor } from '../revisions/edit-post';
import { InvalidContent } from '../text/invalid-content';
import { EditSuggestion } from './edit-suggestion.entity';

@InputType({ description: 'What is left out stays as it is.' })
export class SuggestEditInput {
  @Field(() => ID, { description: 'A question, an answer or an article.' }) targetId!: string;
  @Field(() => String, { nullable: true, description: 'Of a question or an article.' })
  title?: string | null;
  @Field(() => String, { description: 'Markdown, at most 30,000 characters.' }) body!: string;
  @Field(() => [String], {
    nullable: true,
    description: 'Of a question: in place of those it has.',
  })
  tags?: string[] | null;
  @Field(() => String, {
    defaultValue: '',
    description: 'What was changed and why, in 300 characters.',
  })
  summary!: string;
}

@ObjectType({ implements: UserError })
export class EditPending extends UserError {
  readonly code = 'EDIT_PENDING' as const;
  readonly message = 'Another suggested edit of this post waits to be decided.';
}

@ObjectType({ implements: UserError })
export class EditDirectly extends UserError {
  readonly code = 'EDIT_DIRECTLY' as const;
  readonly message = 'You may edit this post yourself: nobody needs to approve it.';
}

export const SuggestEditResult = createUnionType({
  name: 'SuggestEditResult',
  types: () =>
    [
      EditSuggestion,
      PostNotFound,
      MembershipRequired,
      InvalidContent,
      EditPending,
      EditDirectly,
      PrivilegeWithheld,
    ] as const,
});
type Result = Promise<typeof SuggestEditResult>;

export const suggestEdit = async (ctx: Ctx, input: SuggestEditInput): Result => {
  const place = await reachPost(ctx, input.targetId, ['question', 'answer', 'article']);
  if (place === null) return new PostNotFound();
  const change = checkChange(input);
  if (change instanceof InvalidContent) return change;
  return suggest(ctx, { place, change, summary: input.summary });
};

interface Suggesting {
  readonly place: EditablePlace;
  readonly change: Change;
  readonly summary: string;
}

const suggest = useCase(async (tx, { place, change, summary }: Suggesting): Result => {
  const post = await lockContent(tx, place); // so one suggestion is made at a time
  const member = await actingMember(tx, place.communityId);
  if (member === null) return new MembershipRequired();
  if ((await notEditor(tx, member, { place, before: post })) === null) return new EditDirectly();
  const refusal = await withheldEdit(tx, member, {
    communityId: place.communityId,
    before: post,
    after: contentAfter(post, change),
  });
  if (refusal !== null) return refusal;
  const [pending] = await tx.db.query<unknown[]>(
    `SELECT 1 FROM edit_suggestion WHERE target_id = $1 AND status = 'pending'`,
    [place.id],
  );
  if (pending !== undefined) return new EditPending();

  const id = newId<'EditSuggestion'>();
  await tx.db.query(
    `INSERT INTO edit_suggestion (id, community_id, target_type, target_id, editor_id, title, body_source, tags,
       summary, base_number, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      place.communityId,
      place.type,
      place.id,
      member.memberId,
      change.title,
      change.body,
      change.tags,
      summary,
      await lastRevision(tx, place),
      tx.now,
    ],
  );
  return writtenRow(tx.db, EditSuggestion, id);
});
