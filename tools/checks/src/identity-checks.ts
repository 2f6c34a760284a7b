import { verifyAuditLog } from '@lyceum/identity/app';
import { recount, shownAtMost, sqlCheck, type Check } from './check';

/** Recomputes the chains of hashes: an entry that was changed, taken out or put in is named. */
const auditChain: Check = {
  name: 'audit.chain-is-whole',
  in: 'identity',
  says: 'The audit log is what was written, entry by entry.',
  find: async (db) => {
    const { examined, faults } = await verifyAuditLog(db);
    return { examined, broken: faults.length, shown: faults.slice(0, shownAtMost) };
  },
};

export const identityChecks: readonly Check[] = [
  auditChain,
  recount({
    table: 'community',
    column: 'member_count',
    in: 'identity',
    says: "A community's member count is the number of its active members.",
    counted: `SELECT community_id AS id, count(*) AS n FROM member WHERE status = 'active' GROUP BY 1`,
  }),
  sqlCheck({
    name: 'refresh-token.single-use',
    in: 'identity',
    says: 'A session has at most one refresh token that was not used.',
    of: 'session',
    broken: `
      SELECT 'session ' || session_id AS "row", count(*) || ' unused refresh tokens' AS problem
      FROM refresh_token WHERE used_at IS NULL GROUP BY session_id HAVING count(*) > 1`,
  }),
];
