import { money, type Currency } from '@lyceum/money';
import fc from 'fast-check';
import { returnOn } from './return-on';

const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);

describe('returnOn', () => {
  it.each([
    // domain.md 4, P13: revenue, cost, ratio, ROI
    [100n * 1000n, 5000n + 2000n + 3000n, 10, 9],
    [200n * 500n, 10_000n + 5_000n + 10_000n, 4, 3],
    [0n, 500n, 0, -1],
    [-100n, 100n, -1, -2],
    [1n, 3n, 0.333333, -0.666667],
    [2n, 3n, 0.666667, -0.333333],
  ])('of %s for %s is %d times the cost, a return of %d', (revenue, cost, revenueToCost, roi) => {
    expect(returnOn({ revenue: cny(revenue), cost: cny(cost) })).toEqual({ revenueToCost, roi });
  });

  it('is null without a cost', () => {
    for (const revenue of [0n, 100_000n]) {
      expect(returnOn({ revenue: cny(revenue), cost: cny(0n) })).toEqual({
        revenueToCost: null,
        roi: null,
      });
    }
  });

  it('differs by one between its two figures', () => {
    const anyAmount = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(anyAmount, anyAmount, (revenue, cost) => {
        const { revenueToCost, roi } = returnOn({ revenue: cny(revenue), cost: cny(cost) });
        expect((revenueToCost ?? 0) - (roi ?? 0)).toBeCloseTo(1, 5);
      }),
    );
  });
});
