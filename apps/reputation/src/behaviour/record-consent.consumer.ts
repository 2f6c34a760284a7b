import { ConsentChanged } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Knows who refuses to be counted by name; the highest version told is in force. */
export const recordConsent = consume({
  name: 'reputation.record-consent',
  destination: 'reputation-engagement',
  types: [ConsentChanged],
  handle: async (tx, events) => {
    const told = events
      .map(({ payload }) => payload)
      .filter(({ purpose }) => purpose === 'analytics');
    await tx.db.query(
      `INSERT INTO analytics_consent AS known (account_id, is_given, version)
       SELECT DISTINCT ON ("accountId") "accountId", "isGiven", version
       FROM json_to_recordset($1::json) AS told ("accountId" uuid, "isGiven" boolean, version int)
       ORDER BY "accountId", version DESC
       ON CONFLICT (account_id) DO UPDATE SET is_given = excluded.is_given, version = excluded.version
         WHERE known.version < excluded.version`,
      [JSON.stringify(told)],
    );
  },
});
