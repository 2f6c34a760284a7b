import { isZero, sum, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { openAccount } from '../ledger/accounts';
import type { Entry } from '../ledger/transfer';
import type { Share } from './split-of';

/**
 * The ledger's side of shares: one entry for each who gets something, on the platform's fee account or a
 * member's earnings. Nobody has two entries, and nobody one of zero. Give negative amounts to take back.
 */
export const shareEntries = async (tx: Tx, shares: readonly Share[]): Promise<readonly Entry[]> => {
  const byMember = new Map<Share['memberId'], Money[]>();
  for (const { memberId, amount } of shares) {
    byMember.set(memberId, [...(byMember.get(memberId) ?? []), amount]);
  }
  const entries: Entry[] = [];
  for (const [memberId, amounts] of byMember) {
    const currency = amounts[0]?.currency;
    if (currency === undefined) continue;
    const amount = sum(amounts, currency);
    if (isZero(amount)) continue;
    const code = memberId === null ? 'platform-fee' : 'creator-earnings';
    const accountId = await openAccount(tx.db, { code, ownerId: memberId, currency });
    entries.push({ accountId, amount });
  }
  return entries;
};
