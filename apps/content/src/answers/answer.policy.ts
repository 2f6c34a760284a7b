import { isAuthor, type Acting, type Authored } from '../communities/rights';

/** Only who asked knows which answer solved it. */
export const mayAccept = (member: Acting, question: Authored): boolean =>
  isAuthor(member, question);
