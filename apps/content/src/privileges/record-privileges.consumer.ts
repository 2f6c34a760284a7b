import { PrivilegesChanged } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Keeps what members may not do yet: the highest version told is in force. */
export const recordPrivileges = consume({
  name: 'content.record-privileges',
  destination: 'content',
  types: [PrivilegesChanged],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO withheld_privileges (member_id, names, held, version)
       SELECT DISTINCT ON ("memberId") "memberId", withheld, coalesce(held, '{}'), version
       FROM json_to_recordset($1::json) AS told ("memberId" uuid, withheld text[], held text[], version int)
       ORDER BY "memberId", version DESC
       ON CONFLICT (member_id) DO UPDATE SET names = excluded.names, held = excluded.held, version = excluded.version
         WHERE withheld_privileges.version < excluded.version`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
