import fc from 'fast-check';
import { allocate } from './allocate';
import type { Currency } from './currency';
import { money, negate, sum } from './money';
import { anyAmountMinor } from './money.arbitrary';

const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
const minor = (shares: readonly { amountMinor: bigint }[]) => shares.map((s) => s.amountMinor);

const anyWeights = () =>
  fc
    .array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 12n })), {
      minLength: 1,
      maxLength: 20,
    })
    .filter((weights) => weights.some((weight) => weight > 0n));

describe('allocate', () => {
  it('splits 1000 in thirds as 334, 333, 333', () => {
    expect(minor(allocate(cny(1000n), [1n, 1n, 1n]))).toEqual([334n, 333n, 333n]);
  });

  it('gives what is left to the largest remainder before the first', () => {
    // 10 × 1/8 = 1.25, 10 × 7/8 = 8.75
    expect(minor(allocate(cny(10n), [1n, 7n]))).toEqual([1n, 9n]);
  });

  it('splits a refund as the mirror of its payment', () => {
    expect(minor(allocate(cny(-1000n), [1n, 1n, 1n]))).toEqual([-334n, -333n, -333n]);
  });

  it('gives nothing for a weight of zero, even when minor units are left over', () => {
    expect(minor(allocate(cny(1n), [0n, 1n, 1n]))).toEqual([0n, 1n, 0n]);
  });

  it('refuses weights that say nothing', () => {
    for (const weights of [[], [0n], [0n, 0n], [1n, -1n], [2n, -1n]]) {
      expect(() => allocate(cny(100n), weights)).toThrow(RangeError);
    }
  });

  it('always adds up to the total, in its currency', () => {
    fc.assert(
      fc.property(anyAmountMinor(), anyWeights(), (total, weights) => {
        const shares = allocate(cny(total), weights);
        expect(shares).toHaveLength(weights.length);
        expect(sum(shares, cny(0n).currency)).toEqual(cny(total));
      }),
    );
  });

  it('is fair: no share is a whole minor unit away from its exact part, and none has the wrong sign', () => {
    fc.assert(
      fc.property(anyAmountMinor(), anyWeights(), (total, weights) => {
        const weightSum = weights.reduce((a, b) => a + b, 0n);
        minor(allocate(cny(total), weights)).forEach((share, index) => {
          const error = share * weightSum - total * (weights[index] ?? 0n);
          expect((error < 0n ? -error : error) < weightSum).toBe(true);
          expect(total < 0n ? share <= 0n : share >= 0n).toBe(true);
          if (weights[index] === 0n) expect(share).toBe(0n);
        });
      }),
    );
  });

  it('is the same for proportional weights, and mirrored for the opposite total', () => {
    fc.assert(
      fc.property(
        anyAmountMinor(),
        anyWeights(),
        fc.bigInt({ min: 1n, max: 1000n }),
        (total, weights, factor) => {
          const shares = allocate(cny(total), weights);
          expect(
            allocate(
              cny(total),
              weights.map((weight) => weight * factor),
            ),
          ).toEqual(shares);
          expect(allocate(cny(-total), weights)).toEqual(shares.map(negate));
        },
      ),
    );
  });
});
