import { isAuthor, type Acting, type Authored } from '../communities/rights';

/** Nobody praises themselves. */
export const mayVote = (member: Acting, post: Authored): boolean => !isAuthor(member, post);
