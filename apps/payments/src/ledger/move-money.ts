import assert from 'node:assert/strict';
import { importedId, type Id } from '@lyceum/contracts';
import { add, isZero, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { openAccount } from './accounts';
import type { AccountCode } from './chart';
import { postTransfers } from './post-transfers';
import type { LedgerAccountId, TransferId } from './transfer';

/** What an account, by its name, receives (positive) or gives (negative). */
export interface Movement {
  readonly code: AccountCode;
  readonly ownerId: string | null;
  readonly amount: Money;
}

/** The owner of a provider's accounts. */
export const providerOwner = (provider: string): Id<'Provider'> =>
  importedId<'Provider'>('payment-provider', provider);

/**
 * Posts one transfer, once for its key: accounts are opened as needed, what an account gets twice is added up and
 * zeros are left out. Null when nothing is left to move. Throws when a holding account would go below its floor.
 */
export const moveMoney = async (
  tx: Tx,
  transfer: {
    readonly key: string;
    readonly kind: string;
    readonly movements: readonly Movement[];
  },
): Promise<TransferId | null> => {
  const amounts = new Map<LedgerAccountId, Money>();
  for (const { code, ownerId, amount } of transfer.movements) {
    const accountId = await openAccount(tx.db, { code, ownerId, currency: amount.currency });
    const before = amounts.get(accountId);
    amounts.set(accountId, before === undefined ? amount : add(before, amount));
  }
  const entries = [...amounts]
    .filter(([, amount]) => !isZero(amount))
    .map(([accountId, amount]) => ({ accountId, amount }));
  if (entries.length === 0) return null;
  const [outcome] = await postTransfers(tx, [
    { idempotencyKey: transfer.key, kind: transfer.kind, entries },
  ]);
  assert(
    outcome?.status === 'posted' || outcome?.status === 'already-posted',
    `transfer ${transfer.key} was not posted: ${outcome?.status ?? 'no outcome'}`,
  );
  return outcome.transferId;
};
