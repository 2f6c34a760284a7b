import { MembershipChanged } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/**
 * Knows who may manage a catalogue. The highest version told is in force, in whatever order they arrive;
 * a membership may be told before its community. Written in the order of ids: two batches cannot deadlock.
 */
export const recordMembership = consume({
  name: 'payments.record-membership',
  destination: 'payments',
  types: [MembershipChanged],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO membership (member_id, account_id, community_id, role, status, version)
       SELECT DISTINCT ON ("memberId") "memberId", "accountId", "communityId", role, status, version
       FROM json_to_recordset($1::json) AS told
         ("memberId" uuid, "accountId" uuid, "communityId" uuid, role text, status text, version int)
       ORDER BY "memberId", version DESC
       ON CONFLICT (member_id) DO UPDATE
         SET account_id = excluded.account_id, role = excluded.role, status = excluded.status,
             version = excluded.version
         WHERE membership.version < excluded.version`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
