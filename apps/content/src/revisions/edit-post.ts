import { useCase, type Tx } from '@lyceum/platform';
import { MembershipRequired } from '../communities/membership.errors';
import { mayEdit, type Acting } from '../communities/rights';
import { actingMember } from '../communities/standing';
import { NotEditor } from '../posts/post.errors';
import { lockContent, type EditablePlace, type LockedContent } from '../posts/post-content';
import { notGranted, withheldEdit } from '../privileges/gates';
import { type PrivilegeWithheld } from '../privileges/privilege-withheld';
import { applyEdit, contentAfter, type Change } from './apply-edit';

interface EditRequest {
  readonly place: EditablePlace;
  readonly change: Change;
  readonly summary: string;
}

/** The one transaction behind editing a question, an answer and an article. Null when it was done. */
export const editPost = useCase(
  async (
    tx,
    { place, change, summary }: EditRequest,
  ): Promise<MembershipRequired | NotEditor | PrivilegeWithheld | null> => {
    const before = await lockContent(tx, place);
    const member = await actingMember(tx, place.communityId);
    if (member === null) return new MembershipRequired();
    const refusal =
      (await notEditor(tx, member, { place, before })) ??
      (await withheldEdit(tx, member, {
        communityId: place.communityId,
        before,
        after: contentAfter(before, change),
      }));
    if (refusal !== null) return refusal;
    await applyEdit(tx, { place, before, change, editorId: member.memberId, summary });
    return null;
  },
);

/**
 * Null for who edits without anybody's approval: authors, moderators, and who has the points for it where rules say so.
 * An article is its author's, and may be behind a paywall.
 */
export const notEditor = async (
  tx: Tx,
  member: Acting,
  { place, before }: { readonly place: EditablePlace; readonly before: LockedContent },
): Promise<NotEditor | PrivilegeWithheld | null> => {
  if (mayEdit(member, before)) return null;
  const otherwise = new NotEditor();
  return place.type === 'article'
    ? otherwise
    : notGranted(tx, member, { privilege: 'edit-without-review', otherwise });
};
