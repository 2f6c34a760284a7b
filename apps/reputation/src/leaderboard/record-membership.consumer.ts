import { MembershipChanged } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Knows who is on the staff, and who left, for boards: the highest version told is in force. */
export const recordMembership = consume({
  name: 'reputation.record-membership',
  destination: 'reputation-incentives',
  types: [MembershipChanged],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO member_standing (member_id, community_id, role, status, membership_version)
       SELECT DISTINCT ON ("memberId") "memberId", "communityId", role, status, version
       FROM json_to_recordset($1::json)
         AS told ("memberId" uuid, "communityId" uuid, role text, status text, version int)
       ORDER BY "memberId", version DESC
       ON CONFLICT (member_id) DO UPDATE
         SET role = excluded.role, status = excluded.status, membership_version = excluded.membership_version
         WHERE member_standing.membership_version < excluded.membership_version`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
