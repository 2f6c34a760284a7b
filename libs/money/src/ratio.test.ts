import fc from 'fast-check';
import type { Currency } from './currency';
import { money, negate } from './money';
import { anyAmountMinor } from './money.arbitrary';
import { divideRounded, multiplyByRatio } from './ratio';

const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
const notZero = () => fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }).filter((n) => n !== 0n);

describe('multiplyByRatio', () => {
  it.each([
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [-5n, 2n, -2n],
    [-7n, 2n, -4n],
    [5n, -2n, -2n],
    [8n, 3n, 3n],
    [7n, 3n, 2n],
    [1n, 2n, 0n],
    [3n, 2n, 2n],
  ])('half-even: %s / %s is %s', (dividend, divisor, expected) => {
    expect(divideRounded(dividend, divisor, 'half-even')).toBe(expected);
  });

  it.each([
    [19n, 10n, 1n],
    [-19n, 10n, -1n],
    [19n, -10n, -1n],
    [20n, 10n, 2n],
  ])('down: %s / %s is %s', (dividend, divisor, expected) => {
    expect(divideRounded(dividend, divisor, 'down')).toBe(expected);
  });

  it('takes 30 % of 9.99 as 3.00 to the nearest and 2.99 down', () => {
    const share = { numerator: 30n, denominator: 100n };
    expect(multiplyByRatio(cny(999n), share, 'half-even')).toEqual(cny(300n));
    expect(multiplyByRatio(cny(999n), share, 'down')).toEqual(cny(299n));
  });

  it('refuses to divide by zero', () => {
    const nothing = { numerator: 1n, denominator: 0n };
    expect(() => multiplyByRatio(cny(1n), nothing, 'down')).toThrow(RangeError);
  });

  it('is never further from the exact value than the rule allows', () => {
    fc.assert(
      fc.property(anyAmountMinor(), notZero(), (dividend, divisor) => {
        const size = (n: bigint) => (n < 0n ? -n : n);
        const nearest = divideRounded(dividend, divisor, 'half-even');
        const down = divideRounded(dividend, divisor, 'down');
        expect(2n * size(dividend - nearest * divisor) <= size(divisor)).toBe(true);
        expect(down).toBe(dividend / divisor);
      }),
    );
  });

  it('mirrors: the ratio of −x is minus the ratio of x', () => {
    fc.assert(
      fc.property(anyAmountMinor(), notZero(), notZero(), (amount, numerator, denominator) => {
        for (const rounding of ['half-even', 'down'] as const) {
          const ratio = { numerator, denominator };
          expect(multiplyByRatio(cny(-amount), ratio, rounding)).toEqual(
            negate(multiplyByRatio(cny(amount), ratio, rounding)),
          );
        }
      }),
    );
  });
});
