import { useCase } from '@lyceum/platform';
import { MembershipRequired } from '../communities/membership.errors';
import { mayEdit } from '../communities/rights';
import { actingMember } from '../communities/standing';
import { NotEditor } from '../posts/post.errors';
import { lockContent, type EditablePlace } from '../posts/post-content';
import { applyEdit, type Change } from './apply-edit';

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
  ): Promise<MembershipRequired | NotEditor | null> => {
    const before = await lockContent(tx, place);
    const member = await actingMember(tx, place.communityId);
    if (member === null) return new MembershipRequired();
    if (!mayEdit(member, before)) return new NotEditor();
    await applyEdit(tx, { place, before, change, editorId: member.memberId, summary });
    return null;
  },
);
