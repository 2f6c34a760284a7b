import {
  ReferralRefused,
  type AccountId,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { OrderId } from '../orders/order.type';

/** A purchase later than that after joining is nobody's merit but the community's. */
const attributedDays = 365;

interface Sale {
  readonly id: OrderId;
  readonly buyerId: AccountId;
  readonly communityId: CommunityId;
}

interface Referral {
  readonly buyerMemberId: MemberId;
  readonly referrerId: MemberId;
  readonly hasSameMethod: boolean;
}

/**
 * Who brought the buyer, and so has the referrer's share of an order that is about to be divided: an active member
 * still, and another person, as far as what they pay with tells. Null for nobody; then the share is the creator's.
 */
export const referrerOf = async (tx: Tx, sale: Sale): Promise<MemberId | null> => {
  const [referral] = await tx.db.query<Referral[]>(
    `SELECT buyer_member_id AS "buyerMemberId", referrer_id AS "referrerId", EXISTS (
       SELECT FROM payment_method AS own JOIN payment_method AS other USING (fingerprint)
       WHERE own.account_id = buyer_id AND other.account_id = referrer_account_id) AS "hasSameMethod"
     FROM referral JOIN membership ON membership.member_id = referrer_id AND membership.status = 'active'
     WHERE buyer_id = $1 AND referral.community_id = $2 AND referrer_account_id <> buyer_id
       AND referred_at > $3::timestamptz - make_interval(days => $4)`,
    [sale.buyerId, sale.communityId, tx.now, attributedDays],
  );
  if (referral === undefined) return null;
  const { hasSameMethod, ...people } = referral;
  if (!hasSameMethod) return people.referrerId;
  await tx.emit(ReferralRefused, {
    ...{ orderId: sale.id, communityId: sale.communityId, ...people },
    because: 'same-payment-method',
  });
  return null;
};
