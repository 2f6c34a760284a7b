import { AccountRegistered, AccountVerified } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Keeps since when there is an account, and since when its address is verified: the earliest told, in any order. */
export const recordAccounts = consume({
  name: 'content.record-accounts',
  destination: 'content',
  types: [AccountRegistered, AccountVerified],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO account_on_record AS known (account_id, registered_at, verified_at)
       SELECT id, min(at) FILTER (WHERE type = $4), min(at) FILTER (WHERE type <> $4)
       FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS told (id, type, at) GROUP BY id ORDER BY id
       ON CONFLICT (account_id) DO UPDATE
         SET registered_at = least(known.registered_at, excluded.registered_at),
             verified_at = least(known.verified_at, excluded.verified_at)`,
      [
        events.map(({ payload }) => payload.accountId),
        events.map(({ type }) => type),
        events.map(({ occurredAt }) => occurredAt),
        AccountRegistered.name,
      ],
    );
  },
});
