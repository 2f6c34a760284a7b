import { MembershipChanged, type PayloadOf } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';

export type Membership = PayloadOf<typeof MembershipChanged>;

/** Knows who is on the staff, and who left, for boards and rights: the highest version told is in force. */
export const recordMembership = consume({
  name: 'reputation.record-membership',
  destination: 'reputation-incentives',
  types: [MembershipChanged],
  handle: async (tx, events) => {
    await recordMemberships(
      tx.db,
      events.map(({ payload }) => payload),
    );
  },
});

/** Written in the order of ids: two batches cannot deadlock. */
export const recordMemberships = async (
  db: EntityManager,
  memberships: readonly Membership[],
): Promise<void> => {
  await db.query(
    `INSERT INTO member_standing (member_id, community_id, account_id, role, status, membership_version)
     SELECT DISTINCT ON ("memberId") "memberId", "communityId", "accountId", role, status, version
     FROM json_to_recordset($1::json)
       AS told ("memberId" uuid, "communityId" uuid, "accountId" uuid, role text, status text, version int)
     ORDER BY "memberId", version DESC
     ON CONFLICT (member_id) DO UPDATE
       SET account_id = excluded.account_id, role = excluded.role, status = excluded.status,
           membership_version = excluded.membership_version
       WHERE member_standing.membership_version < excluded.membership_version
         OR (member_standing.membership_version = excluded.membership_version AND member_standing.account_id IS NULL)`,
    [JSON.stringify(memberships)],
  );
};
