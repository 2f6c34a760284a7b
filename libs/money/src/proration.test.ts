import fc from 'fast-check';
import type { Currency } from './currency';
import { compare, money, negate, zero } from './money';
import { anyAmountMinor } from './money.arbitrary';
import { prorate, prorateChange, type Remainder } from './proration';

const usd = (amountMinor: bigint) => money(amountMinor, 'USD' as Currency);
const daySeconds = 86_400n;
const afterOneOfThirtyDays = { secondsLeft: 29n * daySeconds, secondsInPeriod: 30n * daySeconds };

const anyRemainder = (): fc.Arbitrary<Remainder> =>
  fc.bigInt({ min: 1n, max: 366n * daySeconds }).chain((secondsInPeriod) =>
    fc.record({
      secondsLeft: fc.bigInt({ min: 0n, max: secondsInPeriod }),
      secondsInPeriod: fc.constant(secondsInPeriod),
    }),
  );

describe('proration', () => {
  it('charges 14.50 for $5 to $20 after one of 30 days, and gives 14.50 back for the reverse', () => {
    const [five, twenty] = [usd(500n), usd(2000n)];
    expect(prorate(twenty, afterOneOfThirtyDays)).toEqual(usd(1933n));
    expect(prorate(five, afterOneOfThirtyDays)).toEqual(usd(483n));
    expect(prorateChange({ from: five, to: twenty }, afterOneOfThirtyDays)).toEqual(usd(1450n));
    expect(prorateChange({ from: twenty, to: five }, afterOneOfThirtyDays)).toEqual(usd(-1450n));
  });

  it('is the whole price at the start and nothing at the end', () => {
    const secondsInPeriod = 28n * daySeconds;
    expect(prorate(usd(999n), { secondsLeft: secondsInPeriod, secondsInPeriod })).toEqual(
      usd(999n),
    );
    expect(prorate(usd(999n), { secondsLeft: 0n, secondsInPeriod })).toEqual(usd(0n));
  });

  it('refuses a remainder that is not a part of its period', () => {
    for (const [secondsLeft, secondsInPeriod] of [
      [1n, 0n],
      [-1n, 10n],
      [11n, 10n],
      [0n, -1n],
    ] as const) {
      expect(() => prorate(usd(1n), { secondsLeft, secondsInPeriod })).toThrow(RangeError);
    }
  });

  it('changing there and back in the same second costs nothing', () => {
    fc.assert(
      fc.property(anyAmountMinor(), anyAmountMinor(), anyRemainder(), (a, b, remainder) => {
        const there = prorateChange({ from: usd(a), to: usd(b) }, remainder);
        const back = prorateChange({ from: usd(b), to: usd(a) }, remainder);
        expect(there).toEqual(negate(back));
      }),
    );
  });

  it('never exceeds the price, and never grows while time passes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), anyRemainder(), (price, remainder) => {
        const worth = prorate(usd(price), remainder);
        expect(compare(worth, usd(price))).toBeLessThanOrEqual(0);
        expect(compare(worth, zero(worth.currency))).toBeGreaterThanOrEqual(0);
        if (remainder.secondsLeft === 0n) return;
        const later = prorate(usd(price), {
          ...remainder,
          secondsLeft: remainder.secondsLeft - 1n,
        });
        expect(compare(later, worth)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
