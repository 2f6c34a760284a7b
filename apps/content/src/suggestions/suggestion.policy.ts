import type { MemberId } from '@lyceum/contracts';
import { mayEdit, type Acting, type Authored } from '../communities/rights';

/** Whoever may edit the post decides, but never on a proposal of their own. */
export const mayDecide = (
  member: Acting,
  { post, editorId }: { readonly post: Authored; readonly editorId: MemberId },
): boolean => mayEdit(member, post) && member.memberId !== editorId;
