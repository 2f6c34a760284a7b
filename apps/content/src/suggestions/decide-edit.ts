import { EditApproved, isId, type MemberId } from '@lyceum/contracts';
import { UserError, useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { MembershipRequired } from '../communities/membership.errors';
import type { Acting } from '../communities/rights';
import { actingMember } from '../communities/standing';
import { NotEditor } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { lockContent, type EditablePlace, type LockedContent } from '../posts/post-content';
import { rowsById, writtenRow } from '../posts/rows-by-id';
import { areOtherTags, notGranted } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { applyEdit, lastRevision } from '../revisions/apply-edit';
import { EditSuggestion, SuggestionStatus } from './edit-suggestion.entity';
import { mayDecide } from './suggestion.policy';

@InputType()
export class DecideEditInput {
  @Field(() => ID) suggestionId!: EditSuggestion['id'];
}

@ObjectType({ implements: UserError })
export class SuggestionNotFound extends UserError {
  readonly code = 'SUGGESTION_NOT_FOUND' as const;
  readonly message = 'There is no such suggested edit, or it is in a private community.';
}

@ObjectType({ implements: UserError })
export class SuggestionDecided extends UserError {
  readonly code = 'SUGGESTION_DECIDED' as const;
  readonly message = 'The suggested edit has been approved or rejected before.';
}

@ObjectType({ implements: UserError })
export class PostHasChanged extends UserError {
  readonly code = 'POST_HAS_CHANGED' as const;
  readonly message = 'The post was edited after this edit was suggested, which would undo that.';
}

export const DecideEditResult = createUnionType({
  name: 'DecideEditResult',
  types: () =>
    [
      EditSuggestion,
      SuggestionNotFound,
      SuggestionDecided,
      PostHasChanged,
      MembershipRequired,
      NotEditor,
      PrivilegeWithheld,
    ] as const,
});
type Result = Promise<typeof DecideEditResult>;

export const approveEdit = (ctx: Ctx, { suggestionId }: DecideEditInput): Result =>
  reachAndDecide(ctx, { suggestionId, decision: SuggestionStatus.APPROVED });

export const rejectEdit = (ctx: Ctx, { suggestionId }: DecideEditInput): Result =>
  reachAndDecide(ctx, { suggestionId, decision: SuggestionStatus.REJECTED });

interface Deciding {
  readonly suggestionId: EditSuggestion['id'];
  readonly decision: SuggestionStatus.APPROVED | SuggestionStatus.REJECTED;
}

const reachAndDecide = async (ctx: Ctx, { suggestionId, decision }: Deciding): Result => {
  const [suggestion] = isId(suggestionId)
    ? await rowsById(ctx.db, EditSuggestion, [suggestionId])
    : [];
  if (suggestion === undefined) return new SuggestionNotFound();
  const place = await reachPost(ctx, suggestion.targetId, [suggestion.targetType]);
  return place === null ? new SuggestionNotFound() : decide(ctx, { place, suggestionId, decision });
};

const decide = useCase(
  async (tx, { place, suggestionId, decision }: Deciding & { place: EditablePlace }): Result => {
    const post = await lockContent(tx, place); // before the suggestion: all commands lock in this order
    const suggestion = await lockSuggestion(tx, suggestionId);
    const member = await actingMember(tx, place.communityId);
    if (member === null) return new MembershipRequired();
    const refusal = await notDecider(tx, member, { post, suggestion });
    if (refusal !== null) return refusal;
    if (suggestion.status !== SuggestionStatus.PENDING) return new SuggestionDecided();

    if (decision === SuggestionStatus.APPROVED) {
      if ((await lastRevision(tx, place)) !== suggestion.baseNumber) return new PostHasChanged();
      await approve(tx, { place, post, suggestion });
    }
    await close(tx, { id: suggestion.id, decision, by: member.memberId });
    return writtenRow(tx.db, EditSuggestion, suggestion.id);
  },
);

/** Null for who decides: who may edit the post, or reviews posts, and their tags, by points. Nobody what they proposed. */
const notDecider = async (
  tx: Tx,
  member: Acting,
  { post, suggestion }: { readonly post: LockedContent; readonly suggestion: EditSuggestion },
): Promise<NotEditor | PrivilegeWithheld | null> => {
  const { editorId, targetType, tags } = suggestion;
  const otherwise = new NotEditor();
  if (mayDecide(member, { post, editorId })) return null;
  if (editorId === member.memberId || targetType === 'article') return otherwise;
  return (
    (await notGranted(tx, member, { privilege: 'review-posts', otherwise })) ??
    (areOtherTags(post.tags, tags)
      ? notGranted(tx, member, { privilege: 'review-tags', otherwise })
      : null)
  );
};

const lockSuggestion = async (tx: Tx, id: EditSuggestion['id']): Promise<EditSuggestion> => {
  await tx.db.query('SELECT FROM edit_suggestion WHERE id = $1 FOR NO KEY UPDATE', [id]);
  return writtenRow(tx.db, EditSuggestion, id);
};

const approve = async (
  tx: Tx,
  on: { place: EditablePlace; post: LockedContent; suggestion: EditSuggestion },
): Promise<void> => {
  const { id: editId, editorId, title, bodyMarkdown: body, tags, summary } = on.suggestion;
  const change = { title, body, tags };
  await applyEdit(tx, { place: on.place, before: on.post, change, editorId, summary });
  await tx.emit(EditApproved, {
    communityId: on.place.communityId,
    editId,
    targetType: on.place.type,
    targetId: on.place.id,
    editorId,
    earnsPoints: true, // also on what the community owns: improving that is what it is for
  });
};

const close = (
  tx: Tx,
  { id, decision, by }: { id: string; decision: SuggestionStatus; by: MemberId },
): Promise<unknown> =>
  tx.db.query(
    'UPDATE edit_suggestion SET status = $2, decided_by = $3, decided_at = $4 WHERE id = $1',
    [id, decision, by, tx.now],
  );
