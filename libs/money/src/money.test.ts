import fc from 'fast-check';
import type { Currency } from './currency';
import {
  add,
  compare,
  CurrencyMismatch,
  equals,
  isNegative,
  isZero,
  money,
  negate,
  subtract,
  sum,
  zero,
} from './money';
import { anyAmountMinor } from './money.arbitrary';

const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
const usd = (amountMinor: bigint) => money(amountMinor, 'USD' as Currency);

describe('money', () => {
  it('adds and subtracts beyond the reach of doubles', () => {
    expect(add(cny(9_007_199_254_740_993n), cny(1n))).toEqual(cny(9_007_199_254_740_994n));
    expect(subtract(cny(100n), cny(250n))).toEqual(cny(-150n));
  });

  it('refuses to mix currencies, whatever the operation', () => {
    for (const operation of [add, subtract, compare]) {
      expect(() => operation(cny(1n), usd(1n))).toThrow(CurrencyMismatch);
    }
    expect(() => sum([cny(1n), usd(1n)], cny(0n).currency)).toThrow(CurrencyMismatch);
    expect(equals(cny(1n), usd(1n))).toBe(false);
  });

  it('refuses a currency that does not exist', () => {
    expect(() => money(1n, 'ZZZ' as Currency)).toThrow(RangeError);
  });

  it('sums nothing to zero', () => {
    expect(sum([], cny(0n).currency)).toEqual(cny(0n));
  });

  it('adding and taking away again changes nothing', () => {
    fc.assert(
      fc.property(anyAmountMinor(), anyAmountMinor(), (a, b) => {
        expect(subtract(add(cny(a), cny(b)), cny(b))).toEqual(cny(a));
        expect(add(cny(a), negate(cny(a)))).toEqual(zero(cny(0n).currency));
        expect(sum([cny(a), cny(b)], cny(0n).currency)).toEqual(add(cny(b), cny(a)));
      }),
    );
  });

  it('compares as the integers do', () => {
    fc.assert(
      fc.property(anyAmountMinor(), anyAmountMinor(), (a, b) => {
        expect(compare(cny(a), cny(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(equals(cny(a), cny(b))).toBe(a === b);
        expect(isNegative(cny(a))).toBe(a < 0n);
        expect(isZero(cny(a))).toBe(a === 0n);
      }),
    );
  });
});
