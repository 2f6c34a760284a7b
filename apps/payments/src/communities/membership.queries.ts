import type { AccountId, CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { Membership } from './membership.entity';

/** The account's membership of the community, or null when none was told of. */
export const membershipOf = (
  db: EntityManager,
  { communityId, accountId }: { communityId: CommunityId; accountId: AccountId },
): Promise<Membership | null> => db.findOneBy(Membership, { communityId, accountId });
