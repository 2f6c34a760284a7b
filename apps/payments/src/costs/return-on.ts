import { divideRounded, isZero, subtract, type Money } from '@lyceum/money';

/** What came in for a product, and what it cost. */
export interface CostAndRevenue {
  /** What buyers paid, before fees and shares, less what was refunded or charged back. */
  readonly revenue: Money;
  /** Production + operations + promotion. */
  readonly cost: Money;
}

export interface Return {
  /** revenue ÷ cost; null when nothing was spent, because nothing times nothing says nothing. */
  readonly revenueToCost: number | null;
  /** (revenue − cost) ÷ cost, the return on investment in the usual sense; null likewise. */
  readonly roi: number | null;
}

const millionths = 1_000_000n;

/**
 * Both figures, because people mean either by "return": 100 × 1000 in for 10 000 spent is a ratio of 10 and a
 * return of 9. Computed with whole numbers and rounded half-even to six decimals, once.
 */
export const returnOn = ({ revenue, cost }: CostAndRevenue): Return => {
  if (isZero(cost)) return { revenueToCost: null, roi: null };
  return { revenueToCost: ratio(revenue, cost), roi: ratio(subtract(revenue, cost), cost) };
};

const ratio = (part: Money, whole: Money): number =>
  Number(divideRounded(part.amountMinor * millionths, whole.amountMinor, 'half-even')) /
  Number(millionths);
