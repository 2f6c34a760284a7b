import { money, type Money } from './money';

/**
 * Splits an amount in proportion to weights, so that the shares always add up to it exactly.
 *
 * The rule (largest remainder, also called Hamilton's method): each share is the exact part rounded
 * down; the minor units left over, fewer than there are shares, go one each to the shares with the
 * largest remainder, and among equal remainders to the first. 1000 over 1, 1, 1 is 334, 333, 333.
 * A weight of zero gets nothing. A negative total is split as its positive mirror, so a refund takes
 * back exactly what the payment gave.
 *
 * Throws RangeError for a negative weight, and when no weight is above zero.
 */
export const allocate = (total: Money, weights: readonly bigint[]): readonly Money[] =>
  divide(total.amountMinor, weights).map((share) => money(share, total.currency));

/** The same of whole units of anything. */
export const divide = (total: bigint, weights: readonly bigint[]): readonly bigint[] => {
  const weightSum = sumOfWeights(weights);
  const isNegative = total < 0n;
  const size = isNegative ? -total : total;

  const shares = weights.map((weight) => (size * weight) / weightSum);
  let left = size - shares.reduce((sum, share) => sum + share, 0n);
  for (const index of byRemainder(size, weights, weightSum)) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return shares.map((share) => (isNegative ? -share : share));
};

const sumOfWeights = (weights: readonly bigint[]): bigint => {
  if (weights.some((weight) => weight < 0n)) throw new RangeError('a weight is never negative');
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  if (sum === 0n) throw new RangeError('an allocation needs a weight above zero');
  return sum;
};

/** Indexes, the largest remainder first. The sort is stable, which is what "then the first" stands on. */
const byRemainder = (size: bigint, weights: readonly bigint[], weightSum: bigint): number[] =>
  weights
    .map((weight, index) => ({ index, remainder: (size * weight) % weightSum }))
    .sort((a, b) => (a.remainder === b.remainder ? 0 : a.remainder > b.remainder ? -1 : 1))
    .map(({ index }) => index);
