import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { useCase } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { openAccount } from './accounts';
import type { AccountCode } from './chart';
import { postTransfers } from './post-transfers';
import type { LedgerAccountId, Transfer } from './transfer';

/** For tests: `postTransfers` in a transaction of its own. */
export const post = useCase((tx, transfers: readonly Transfer[]) => postTransfers(tx, transfers));

/** For tests: a new account. */
export const anAccount = (
  db: EntityManager,
  code: AccountCode = 'member-wallet',
  currency = 'CNY',
): Promise<LedgerAccountId> =>
  openAccount(db, { code, ownerId: newId<'Member'>(), currency: currency as Currency });

/** For tests: `amount` minor units from one account to another. */
export const aTransfer = (
  [from, to, amountMinor]: readonly [LedgerAccountId, LedgerAccountId, bigint],
  options: Partial<Transfer> & { currency?: string } = {},
): Transfer => {
  const currency = (options.currency ?? 'CNY') as Currency;
  return {
    idempotencyKey: options.idempotencyKey ?? newId<'Order'>(),
    kind: options.kind ?? 'purchase',
    entries: options.entries ?? [
      { accountId: from, amount: money(-amountMinor, currency) },
      { accountId: to, amount: money(amountMinor, currency) },
    ],
  };
};
