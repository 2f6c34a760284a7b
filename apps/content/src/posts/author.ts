import type { CommunityId, MemberId } from '@lyceum/contracts';
import { Community } from '../communities/community.type';
import { Member } from '../communities/member.type';

/** Identity's member, by key; null for who is unknown or deleted. */
export const memberOrNull = (id: MemberId | null): Member | null =>
  id === null ? null : Object.assign(new Member(), { id });

/** Identity's community, by key. */
export const communityOf = (id: CommunityId): Community => Object.assign(new Community(), { id });
