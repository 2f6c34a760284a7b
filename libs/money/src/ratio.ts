import { money, type Money } from './money';

/** A fraction of whole numbers: 30 % is `{ numerator: 30n, denominator: 100n }`. */
export interface Ratio {
  readonly numerator: bigint;
  /** Not zero. */
  readonly denominator: bigint;
}

/**
 * What to do with what is less than a minor unit; there is no default, so every use states its rule.
 * - `half-even`: to the nearest, and from the exact middle to the even neighbour ("banker's rounding",
 *   IEEE 754-2019 roundTiesToEven): over many amounts it favours neither side.
 * - `down`: towards zero (roundTowardZero): never more than the exact value, for fees and shares.
 * Both treat −x as the mirror of x, so that what undoes an amount has exactly its size.
 */
export type Rounding = 'half-even' | 'down';

/** The amount times the ratio, rounded once. Throws RangeError for a denominator of zero. */
export const multiplyByRatio = (amount: Money, ratio: Ratio, rounding: Rounding): Money =>
  money(
    divideRounded(amount.amountMinor * ratio.numerator, ratio.denominator, rounding),
    amount.currency,
  );

/** The whole number that stands for dividend ÷ divisor under the rule. */
export const divideRounded = (dividend: bigint, divisor: bigint, rounding: Rounding): bigint => {
  if (divisor === 0n) throw new RangeError('a ratio needs a denominator that is not zero');
  const isNegative = dividend < 0n !== divisor < 0n;
  const top = absolute(dividend);
  const bottom = absolute(divisor);
  const quotient = top / bottom;
  const twice = 2n * (top % bottom);
  const isUp =
    rounding === 'half-even' && (twice > bottom || (twice === bottom && quotient % 2n === 1n));
  const size = isUp ? quotient + 1n : quotient;
  return isNegative ? -size : size;
};

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
