import assert from 'node:assert/strict';
import { allocate, compare, multiplyByRatio, sum, zero, type Money } from '@lyceum/money';
import { CouponKind, type Coupon } from './coupon.entity';

/** Something to be paid for. */
export interface CouponLine {
  readonly productId: string;
  readonly amount: Money;
}

type Terms = Pick<Coupon, 'kind' | 'basisPoints' | 'amount' | 'productIds'>;

const wholeInBasisPoints = 10_000n;

/**
 * What a coupon takes off each line, in the order of the lines; null when it applies to none of them, or is
 * of another currency. The part of the sum of the lines it applies to is rounded half-even, once, and then
 * divided among them, so that a line more or less changes no total; a fixed amount is never more than that
 * sum. No line gets more off than it costs. Prices are before tax.
 */
export const discountOf = (
  coupon: Terms,
  lines: readonly CouponLine[],
): readonly Money[] | null => {
  const first = lines[0];
  if (first === undefined) return null;
  const { currency } = first.amount;
  const nothing = zero(currency);
  const amounts = lines.map((line) => (appliesTo(coupon, line) ? line.amount : nothing));
  if (!lines.some((line) => appliesTo(coupon, line))) return null;
  if (coupon.amount !== null && coupon.amount.currency !== currency) return null;
  const base = sum(amounts, currency);
  const off = takenOff(coupon, base);
  if (off.amountMinor === 0n) return lines.map(() => nothing);
  return allocate(
    off,
    amounts.map(({ amountMinor }) => amountMinor),
  );
};

const appliesTo = ({ productIds }: Terms, { productId }: CouponLine): boolean =>
  productIds.length === 0 || productIds.some((id) => id === productId);

const takenOff = ({ kind, basisPoints, amount }: Terms, base: Money): Money => {
  switch (kind) {
    case CouponKind.PERCENT: {
      assert(basisPoints !== null, 'a percent coupon says how much');
      const ratio = { numerator: BigInt(basisPoints), denominator: wholeInBasisPoints };
      return multiplyByRatio(base, ratio, 'half-even');
    }
    case CouponKind.FIXED:
      assert(amount !== null, 'a fixed coupon says how much');
      return compare(amount, base) > 0 ? base : amount;
    case CouponKind.TRIAL:
      return zero(base.currency);
  }
};
