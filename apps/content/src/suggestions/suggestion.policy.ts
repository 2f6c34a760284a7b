import type { MemberId } from '@lyceum/contracts';
import { mayEdit, type Acting, type Authored } from '../communities/rights';

/** Who may edit the post needs nobody's approval. */
export const maySuggest = (member: Acting, post: Authored): boolean => !mayEdit(member, post);

/** Whoever may edit the post decides, but never on a proposal of their own. */
export const mayDecide = (
  member: Acting,
  { post, editorId }: { readonly post: Authored; readonly editorId: MemberId },
): boolean => mayEdit(member, post) && member.memberId !== editorId;
