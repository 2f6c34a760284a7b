import { allocate, money, sum, type Currency, type Money } from '@lyceum/money';
import type { AccountCode } from '../ledger/chart';
import type { Movement } from '../ledger/move-money';

/** What an account gives of money that goes back; all amounts are positive. */
export type Taking = Movement;

/**
 * Who gives how much of an amount that goes back, in proportion to what each still has of the payment. Nobody gives
 * more than there is left of theirs, and taking all that is left takes exactly that: however many partial refunds
 * there are, together they are the payment. Throws RangeError for more than is left.
 */
export const takeFrom = (left: readonly Taking[], amount: Money): readonly Taking[] => {
  const total = sum(
    left.map((part) => part.amount),
    amount.currency,
  );
  if (amount.amountMinor <= 0n || amount.amountMinor > total.amountMinor)
    throw new RangeError('what is taken is a part of what is left');
  const parts = allocate(
    amount,
    left.map((part) => part.amount.amountMinor),
  );
  return left
    .map((part, index) => ({ ...part, amount: parts[index] ?? money(0n, amount.currency) }))
    .filter((part) => part.amount.amountMinor > 0n);
};

/** What is left of `whole` after each of these was taken. Same accounts are one. */
export const leftAfter = (
  whole: readonly Taking[],
  taken: readonly (readonly Taking[])[],
): readonly Taking[] => {
  const byAccount = new Map<string, Taking>();
  const put = (part: Taking, sign: bigint): void => {
    const key = `${part.code} ${part.ownerId ?? ''}`;
    const before = byAccount.get(key)?.amount.amountMinor ?? 0n;
    const after = money(before + sign * part.amount.amountMinor, part.amount.currency);
    byAccount.set(key, { ...part, amount: after });
  };
  for (const part of whole) put(part, 1n);
  for (const part of taken.flat()) put(part, -1n);
  return [...byAccount.values()].filter(({ amount }) => amount.amountMinor > 0n);
};

/** As it is kept in a row; the currency is the row's. */
export const takenToJson = (taken: readonly Taking[]): string =>
  JSON.stringify(
    taken.map(({ code, ownerId, amount }) => [code, ownerId, amount.amountMinor.toString()]),
  );

export const takenFromJson = (json: unknown, currency: Currency): readonly Taking[] =>
  // What `takenToJson` has written.
  (json as [AccountCode, string | null, string][]).map(([code, ownerId, amount]) => ({
    code,
    ownerId,
    amount: money(BigInt(amount), currency),
  }));

export const movementsBack = (taken: readonly Taking[]): readonly Movement[] =>
  taken.map((part) => ({
    ...part,
    amount: money(-part.amount.amountMinor, part.amount.currency),
  }));
