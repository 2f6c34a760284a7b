import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import type { Currency } from '@lyceum/money';
import { fingerprint, type LedgerAccountId, type Transfer, type TransferId } from './transfer';

/** What became of one transfer of a batch. One that was refused does not keep the others from being posted. */
export type Outcome =
  | { readonly status: 'posted'; readonly transferId: TransferId }
  /** This very transfer had been posted before, and was not again. */
  | { readonly status: 'already-posted'; readonly transferId: TransferId }
  /** Another transfer was posted under this key. */
  | { readonly status: 'key-taken' }
  | { readonly status: 'insufficient-funds'; readonly accountId: LedgerAccountId };

export interface AccountState {
  readonly id: LedgerAccountId;
  readonly currency: Currency;
  readonly isHot: boolean;
  readonly floorMinor: bigint | null;
  readonly balanceMinor: bigint;
}

export interface PostedBefore {
  readonly transferId: TransferId;
  readonly fingerprint: string;
}

export interface Verdict {
  readonly outcomes: readonly Outcome[];
  /** What is to be written, in order. */
  readonly accepted: readonly (Transfer & PostedBefore)[];
}

/**
 * Decides a batch, one transfer after the other as if each were alone: pure, so that what is right can be
 * tested without a database. Throws for an account that does not exist or is of another currency.
 */
export const judge = (
  transfers: readonly Transfer[],
  known: {
    readonly accounts: ReadonlyMap<LedgerAccountId, AccountState>;
    readonly posted: ReadonlyMap<string, PostedBefore>;
  },
): Verdict => {
  const posted = new Map(known.posted);
  const balances = new Map<LedgerAccountId, bigint>();
  const accepted: (Transfer & PostedBefore)[] = [];
  const outcomes = transfers.map((transfer): Outcome => {
    const print = fingerprint(transfer);
    const before = posted.get(transfer.idempotencyKey);
    if (before !== undefined) {
      return before.fingerprint === print
        ? { status: 'already-posted', transferId: before.transferId }
        : { status: 'key-taken' };
    }
    const after = balancesAfter(transfer, known.accounts, balances);
    const short = accountBelowFloor(after, known.accounts);
    if (short !== undefined) return { status: 'insufficient-funds', accountId: short };

    for (const [accountId, balance] of after) balances.set(accountId, balance);
    const record = { transferId: newId<'Transfer'>(), fingerprint: print };
    posted.set(transfer.idempotencyKey, record);
    accepted.push({ ...transfer, ...record });
    return { status: 'posted', transferId: record.transferId };
  });
  return { outcomes, accepted };
};

/** The balances of the transfer's accounts once it is posted. */
const balancesAfter = (
  { entries }: Transfer,
  accounts: ReadonlyMap<LedgerAccountId, AccountState>,
  balances: ReadonlyMap<LedgerAccountId, bigint>,
): Map<LedgerAccountId, bigint> => {
  const after = new Map<LedgerAccountId, bigint>();
  for (const { accountId, amount } of entries) {
    const account = accounts.get(accountId);
    assert(account !== undefined, `there is no account ${accountId}`);
    assert(account.currency === amount.currency, `account ${accountId} holds ${account.currency}`);
    const now = after.get(accountId) ?? balances.get(accountId) ?? account.balanceMinor;
    after.set(accountId, now + amount.amountMinor);
  }
  return after;
};

/** An account that would end below its floor. */
const accountBelowFloor = (
  after: ReadonlyMap<LedgerAccountId, bigint>,
  accounts: ReadonlyMap<LedgerAccountId, AccountState>,
): LedgerAccountId | undefined => {
  for (const [accountId, balance] of after) {
    const floor = accounts.get(accountId)?.floorMinor ?? null;
    if (floor !== null && balance < floor) return accountId;
  }
  return undefined;
};
