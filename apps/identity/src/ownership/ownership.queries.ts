import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { OwnershipOffer } from './ownership-offer.type';

/** The offer of a community that is still open; null when there is none. */
export const offerOf = async (
  db: EntityManager,
  { communityId, now }: { communityId: CommunityId; now: Date },
): Promise<OwnershipOffer | null> => {
  const [row] = await db.query<object[]>(
    `SELECT community_id AS "communityId", from_member_id AS "fromMemberId", to_member_id AS "toMemberId",
       keeps_own AS "keepsOwn", offered_at AS "offeredAt", expires_at AS "expiresAt"
     FROM ownership_offer WHERE community_id = $1 AND expires_at > $2`,
    [communityId, now],
  );
  return row === undefined ? null : Object.assign(new OwnershipOffer(), row);
};
