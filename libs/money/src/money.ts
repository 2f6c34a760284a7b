import { decimalsOf, type Currency } from './currency';

/** An exact amount: whole minor units (fen, cents, yen) of one currency. Never a float. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

/** Two amounts of different currencies met where only one can be. A bug of the caller, never an outcome. */
export class CurrencyMismatch extends Error {
  override readonly name = 'CurrencyMismatch';
  constructor(left: Currency, right: Currency) {
    super(`${left} and ${right} do not mix`);
  }
}

/** Throws for a code that is not in the table, which only untyped code can bring here. */
export const money = (amountMinor: bigint, currency: Currency): Money => {
  decimalsOf(currency);
  return { amountMinor, currency };
};

export const zero = (currency: Currency): Money => money(0n, currency);

/** Throws CurrencyMismatch, like everything here that takes two amounts. */
export const add = (left: Money, right: Money): Money =>
  money(left.amountMinor + same(left, right), left.currency);

export const subtract = (left: Money, right: Money): Money =>
  money(left.amountMinor - same(left, right), left.currency);

export const negate = ({ amountMinor, currency }: Money): Money => money(-amountMinor, currency);

/** The sum; of nothing it is zero, and so the currency must be said. */
export const sum = (amounts: Iterable<Money>, currency: Currency): Money => {
  let total = zero(currency);
  for (const amount of amounts) total = add(total, amount);
  return total;
};

/** Negative when left is less, positive when it is more, 0 when equal: for `sort` and for conditions. */
export const compare = (left: Money, right: Money): -1 | 0 | 1 => {
  const other = same(left, right);
  if (left.amountMinor === other) return 0;
  return left.amountMinor < other ? -1 : 1;
};

/** Equal in amount and currency; different currencies are not equal, and no mismatch. */
export const equals = (left: Money, right: Money): boolean =>
  left.currency === right.currency && left.amountMinor === right.amountMinor;

export const isZero = ({ amountMinor }: Money): boolean => amountMinor === 0n;
export const isNegative = ({ amountMinor }: Money): boolean => amountMinor < 0n;

/** The amount of the right side, once it is known to be of the left side's currency. */
const same = (left: Money, right: Money): bigint => {
  if (left.currency !== right.currency) throw new CurrencyMismatch(left.currency, right.currency);
  return right.amountMinor;
};
