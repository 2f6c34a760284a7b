import { newId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { recordCommunities } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import type { KnownCommunity } from './community.entity';
import { Membership, type Role } from './membership.entity';

/** For tests: a community, as the projection knows it. */
export const aCommunity = async (
  db: EntityManager,
  {
    id = newId<'Community'>(),
    visibility = 'public',
  }: Partial<Pick<KnownCommunity, 'id' | 'visibility'>> = {},
): Promise<CommunityId> => {
  await recordCommunities(db, [{ id, slug: `c-${id}`, visibility }]);
  return id;
};

/** For tests: an account that is a member, as the projection knows it; of a new public community by default. */
export const aMember = async (
  db: EntityManager,
  options: Partial<Pick<Membership, 'communityId' | 'role' | 'status'>> = {},
): Promise<{ id: AccountId; memberId: MemberId; communityId: CommunityId; role: Role }> => {
  const membership = {
    memberId: newId<'Member'>(),
    accountId: newId<'Account'>(),
    communityId: options.communityId ?? (await aCommunity(db)),
    role: options.role ?? 'member',
    status: options.status ?? 'active',
    version: 1,
  };
  await db.insert(Membership, membership);
  return { ...membership, id: membership.accountId };
};
