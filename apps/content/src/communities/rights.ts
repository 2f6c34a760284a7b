import { may, type MemberId } from '@lyceum/contracts';
import type { Membership } from './membership.entity';

/** What a policy looks at: who acts, and whose thing it is. */
export type Acting = Pick<Membership, 'memberId' | 'role'>;

export interface Authored {
  readonly authorId: MemberId | null;
}

export const isModerator = ({ role }: Acting): boolean => may(role, 'content.moderate');

export const isAuthor = (member: Acting, { authorId }: Authored): boolean =>
  authorId !== null && authorId === member.memberId;

/** Authors improve what they wrote, moderators everything; others suggest. */
export const mayEdit = (member: Acting, post: Authored): boolean =>
  isAuthor(member, post) || isModerator(member);
