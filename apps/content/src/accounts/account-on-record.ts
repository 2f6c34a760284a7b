import type { AccountId, PayloadOf, VoteRecorded } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';

type Facts = Pick<PayloadOf<typeof VoteRecorded>, 'voterAgeDays' | 'voterIsVerified'>;

const dayMs = 86_400_000;

/** What is known of an account now, to go with what it does; nothing of those that came with an import. */
export const accountOnRecord = async (tx: Tx, accountId: AccountId): Promise<Facts> => {
  const [known] = await tx.db.query<{ since: Date | null; isVerified: boolean }[]>(
    `SELECT registered_at AS since, verified_at IS NOT NULL AS "isVerified" FROM account_on_record WHERE account_id = $1`,
    [accountId],
  );
  if (known?.since == null) return {};
  const ageMs = tx.now.getTime() - known.since.getTime();
  return {
    voterAgeDays: Math.max(0, Math.floor(ageMs / dayMs)),
    voterIsVerified: known.isVerified,
  };
};
