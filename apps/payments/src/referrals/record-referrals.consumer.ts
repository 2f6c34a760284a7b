import { MemberReferred } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Knows who brought whom. A person is brought to a community once, by one: what was told first stays. */
export const recordReferrals = consume({
  name: 'payments.record-referrals',
  destination: 'payments',
  types: [MemberReferred],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO referral (buyer_member_id, buyer_id, community_id, referrer_id, referrer_account_id, referred_at)
       SELECT "inviteeId", "inviteeAccountId", "communityId", "inviterId", "inviterAccountId", "at"
       FROM json_to_recordset($1::json) AS told ("inviteeId" uuid, "inviteeAccountId" uuid, "communityId" uuid,
         "inviterId" uuid, "inviterAccountId" uuid, "at" timestamptz)
       ORDER BY "inviteeId" ON CONFLICT DO NOTHING`,
      [JSON.stringify(events.map(({ payload, occurredAt }) => ({ ...payload, at: occurredAt })))],
    );
  },
});
