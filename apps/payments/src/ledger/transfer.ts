import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { Id } from '@lyceum/contracts';
import { isZero, type Currency, type Money } from '@lyceum/money';

export type LedgerAccountId = Id<'LedgerAccount'>;
export type TransferId = Id<'Transfer'>;

/** What one account receives (positive) or gives (negative) in a transfer. */
export interface Entry {
  readonly accountId: LedgerAccountId;
  readonly amount: Money;
}

/** Money to move, all of it or nothing. Never changed once posted: a correction is another transfer. */
export interface Transfer {
  /** The same key posts once, however often it is asked: the id of the row that the transfer is for. */
  readonly idempotencyKey: string;
  /** Why the money moves: `purchase`, `refund`, `payout` … */
  readonly kind: string;
  readonly entries: readonly Entry[];
}

const maxEntries = 100;
const maxAmountMinor = 10n ** 15n;

/**
 * Throws for what is no transfer, which is a bug of the caller: fewer than two entries, an entry of zero,
 * currencies that do not sum to zero.
 */
export const assertTransfer = ({ idempotencyKey, kind, entries }: Transfer): void => {
  assert(/^.{1,200}$/s.test(idempotencyKey), 'a transfer has a key of 1 to 200 characters');
  assert(/^[a-z-]{1,50}$/.test(kind), 'a kind is a word');
  assert(entries.length >= 2, 'a transfer has two sides');
  assert(entries.length <= maxEntries, 'a transfer is not a batch');
  const sums = new Map<Currency, bigint>();
  for (const { amount } of entries) {
    assert(!isZero(amount), 'an entry moves something');
    const size = amount.amountMinor < 0n ? -amount.amountMinor : amount.amountMinor;
    assert(size <= maxAmountMinor, 'an entry is not astronomical');
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.amountMinor);
  }
  for (const [currency, total] of sums) {
    assert(total === 0n, `${currency} sums to ${total.toString()}, not to zero`);
  }
};

/** Equal for the same kind and entries, in whatever order: tells a repeated request from a changed one. */
export const fingerprint = ({ kind, entries }: Transfer): string => {
  const lines = entries.map(
    ({ accountId, amount }) => `${accountId} ${amount.amountMinor.toString()} ${amount.currency}`,
  );
  return hash('sha256', [kind, ...lines.sort()].join('\n'));
};
