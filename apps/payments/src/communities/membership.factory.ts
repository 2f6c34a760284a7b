import { newId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { Membership, type Role } from './membership.entity';

/** For tests: an account that is a member, as the projection knows it. */
export const aMember = async (
  db: EntityManager,
  options: Partial<Pick<Membership, 'communityId' | 'role' | 'status'>> = {},
): Promise<{ id: AccountId; memberId: MemberId; communityId: CommunityId; role: Role }> => {
  const membership = {
    memberId: newId<'Member'>(),
    accountId: newId<'Account'>(),
    communityId: newId<'Community'>(),
    role: 'member' as const,
    status: 'active' as const,
    version: 1,
    ...options,
  };
  await db.insert(Membership, membership);
  return { ...membership, id: membership.accountId };
};
