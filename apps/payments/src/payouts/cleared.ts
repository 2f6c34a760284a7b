import type { CommunityId, MemberId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import { addDays } from '../subscriptions/calendar';
import type { EntityManager } from 'typeorm';
import type { PayoutTerms } from './payout.type';

/** A week, as card networks settle; and enough that sending it is not most of it. */
const defaultTerms: PayoutTerms = { holdDays: 7, minimumMinor: '1000' };

export const payoutTermsOf = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<PayoutTerms> => {
  const [terms] = await db.query<PayoutTerms[]>(
    `SELECT hold_days AS "holdDays", minimum_minor AS "minimumMinor" FROM payout_terms WHERE community_id = $1`,
    [communityId],
  );
  return terms ?? defaultTerms;
};

export interface Earnings {
  readonly balance: Money;
  /** Within the hold period: it came in, and may yet go back. */
  readonly held: Money;
  /** balance − held, and never more than the balance: debts are settled first. May be below zero. */
  readonly cleared: Money;
}

/**
 * What a creator has earned, by currency, from the ledger's entries themselves. Held is what came in within the hold
 * period, but for payouts that came back, which had been cleared before.
 */
export const earningsOf = async (
  db: EntityManager,
  memberId: MemberId,
  { holdDays, at }: { readonly holdDays: number; readonly at: Date },
): Promise<readonly Earnings[]> => {
  const rows = await db.query<{ currency: Currency; balance: string; held: string }[]>(
    `/* payouts.earnings */
     SELECT account.currency, account.balance::text AS balance, coalesce((
       SELECT sum(entry.amount_minor) FROM ledger_entry AS entry
         JOIN ledger_transfer AS transfer ON transfer.id = entry.transfer_id
       WHERE entry.account_id = account.id AND entry.amount_minor > 0 AND transfer.posted_at > $2
         AND transfer.kind NOT IN ('payout-failed', 'payout-reversed')), 0)::text AS held
     FROM ledger_account AS account
     WHERE account.code = 'creator-earnings' AND account.owner_id = $1 ORDER BY account.currency`,
    [memberId, addDays(at, -holdDays)],
  );
  return rows.map(({ currency, balance, held }) => ({
    balance: money(BigInt(balance), currency),
    held: money(BigInt(held), currency),
    cleared: money(BigInt(balance) - BigInt(held), currency),
  }));
};
