import { isModerator, mayEdit, type Acting, type Authored } from '../communities/rights';

/** Who asked may point to what is related, as may moderators. */
export const mayLink = (member: Acting, question: Authored): boolean => mayEdit(member, question);

/** Who asked may say that it was asked before; only moderators may judge it otherwise. */
export const mayClose = (
  member: Acting,
  { question, isDuplicate }: { readonly question: Authored; readonly isDuplicate: boolean },
): boolean => (isDuplicate ? mayEdit(member, question) : isModerator(member));

export const mayReopen = (member: Acting): boolean => isModerator(member);
