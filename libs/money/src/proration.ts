import { subtract, type Money } from './money';
import { multiplyByRatio } from './ratio';

/** How much of a paid period is still to come. Seconds are real ones: a month has as many as it has. */
export interface Remainder {
  /** 0 to `secondsInPeriod`. */
  readonly secondsLeft: bigint;
  /** Above zero. */
  readonly secondsInPeriod: bigint;
}

/**
 * What the rest of a period is worth: price × seconds left ÷ seconds in the period, rounded half-even
 * to a minor unit. (The rule Polar documents for proration to the second.)
 */
export const prorate = (price: Money, remainder: Remainder): Money => {
  const { secondsLeft, secondsInPeriod } = remainder;
  if (secondsInPeriod <= 0n) throw new RangeError('a period has a length');
  if (secondsLeft < 0n || secondsLeft > secondsInPeriod) {
    throw new RangeError('what is left of a period is a part of it');
  }
  return multiplyByRatio(
    price,
    { numerator: secondsLeft, denominator: secondsInPeriod },
    'half-even',
  );
};

/**
 * What a change of price in mid-period costs (or, negative, gives back): the rest of the new minus the
 * rest of the old, each rounded as the two lines of an invoice are. Changing there and back is zero.
 * $5 to $20 after one of 30 days: 19.33 − 4.83 = +14.50; $20 to $5: −14.50.
 */
export const prorateChange = (
  prices: { readonly from: Money; readonly to: Money },
  remainder: Remainder,
): Money => subtract(prorate(prices.to, remainder), prorate(prices.from, remainder));
