import { newId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import fc from 'fast-check';
import { CouponKind } from './coupon.entity';
import { discountOf } from './discount-of';

const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
const [a, b] = [newId<'Product'>(), newId<'Product'>()];
const percent = (basisPoints: number, productIds = [] as (typeof a)[]) => ({
  kind: CouponKind.PERCENT,
  basisPoints,
  amount: null,
  productIds,
});
const fixed = (amount: Money, productIds = [] as (typeof a)[]) => ({
  kind: CouponKind.FIXED,
  basisPoints: null,
  amount,
  productIds,
});
const line = (amountMinor: bigint, productId = a) => ({ productId, amount: cny(amountMinor) });
const minor = (discounts: readonly Money[] | null) => discounts?.map((d) => d.amountMinor) ?? null;

describe('discountOf', () => {
  it.each([
    [percent(1_000), [line(999n)], [100n]], // 99.9
    [percent(5_000), [line(1n)], [0n]], // 0.5: to the even neighbour
    [percent(5_000), [line(3n)], [2n]], // 1.5
    [percent(10_000), [line(7n), line(11n)], [7n, 11n]],
    [percent(3_333), [line(100n), line(100n), line(100n)], [34n, 33n, 33n]], // 99.99 together
    [percent(5_000, [b]), [line(100n), line(50n, b)], [0n, 25n]],
    [fixed(cny(30n)), [line(20n), line(10n)], [20n, 10n]],
    [fixed(cny(1_000n)), [line(20n), line(10n)], [20n, 10n]],
    [fixed(cny(10n)), [line(20n), line(10n)], [7n, 3n]],
    [fixed(cny(10n)), [line(0n)], [0n]],
    [{ kind: CouponKind.TRIAL, basisPoints: null, amount: null, productIds: [] }, [line(9n)], [0n]],
  ])('%# takes off what it says', (coupon, lines, expected) => {
    expect(minor(discountOf(coupon, lines))).toEqual(expected);
  });

  it('does not apply to other products, other currencies, or nothing', () => {
    expect(discountOf(percent(1_000, [b]), [line(100n)])).toBeNull();
    expect(discountOf(fixed(money(10n, 'USD' as Currency)), [line(100n)])).toBeNull();
    expect(discountOf(percent(1_000), [])).toBeNull();
  });

  it('never takes more off a line than it costs, and in all exactly the rounded part', () => {
    const anyLines = fc.array(
      fc.record({ amountMinor: fc.bigInt({ min: 0n, max: 10n ** 9n }), isA: fc.boolean() }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(anyLines, fc.integer({ min: 1, max: 10_000 }), (drawn, basisPoints) => {
        const lines = drawn.map(({ amountMinor, isA }) => line(amountMinor, isA ? a : b));
        const discounts = minor(discountOf(percent(basisPoints, [a]), lines));
        if (discounts === null) return expect(drawn.some(({ isA }) => isA)).toBe(false);
        discounts.forEach((discount, n) => {
          expect(discount).toBeGreaterThanOrEqual(0n);
          expect(discount).toBeLessThanOrEqual(drawn[n]?.amountMinor ?? -1n);
          if (drawn[n]?.isA === false) expect(discount).toBe(0n);
        });
        const base = drawn.reduce(
          (sum, { amountMinor, isA }) => sum + (isA ? amountMinor : 0n),
          0n,
        );
        const off = discounts.reduce((sum, discount) => sum + discount, 0n);
        const error = off * 10_000n - base * BigInt(basisPoints);
        expect((error < 0n ? -error : error) <= 5_000n).toBe(true);
      }),
    );
  });
});
