import { TrialEnded, TrialStarted } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/**
 * Who is on trial reads what members of the community pay for, until the trial is over. An end that is heard of first
 * leaves nothing to begin.
 */
export const recordTrial = consume({
  name: 'content.record-trial',
  destination: 'content',
  types: [TrialStarted, TrialEnded],
  handle: async (tx, events) => {
    const told = events.map(({ payload, occurredAt }) => ({
      ...payload,
      occurredAt,
      ...('endsAt' in payload
        ? { version: 1, status: 'active' }
        : { version: 2, status: 'expired', endsAt: occurredAt }),
    }));
    await tx.db.query(
      `WITH told AS (
         SELECT DISTINCT ON ("trialId") *
         FROM json_to_recordset($1::json) AS row ("trialId" uuid, "accountId" uuid, "communityId" uuid, status text,
           "occurredAt" timestamptz, "endsAt" timestamptz, version int)
         ORDER BY "trialId", version DESC
       ), newer AS (
         INSERT INTO entitlement (id, account_id, community_id, status, starts_at, ends_at, version)
         SELECT "trialId", "accountId", "communityId", status, "occurredAt", "endsAt", version FROM told
         ORDER BY "trialId"
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version
           WHERE entitlement.version < excluded.version
         RETURNING id, community_id
       )
       INSERT INTO entitlement_grant (entitlement_id, subject_type, subject_id)
       SELECT id, 'community', community_id FROM newer ON CONFLICT DO NOTHING`,
      [JSON.stringify(told)],
    );
  },
});
