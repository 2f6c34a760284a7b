import { money, type Currency } from '@lyceum/money';
import fc from 'fast-check';
import { netOf, PlanChangeMode, quoteChange } from './change-plan';

const usd = (amountMinor: bigint) => money(amountMinor, 'USD' as Currency);
const april = {
  periodStart: new Date('2026-04-01T00:00:00.000Z'), // 30 days
  periodEnd: new Date('2026-05-01T00:00:00.000Z'),
  interval: 'month' as const,
  currency: 'USD' as Currency,
};
const afterOneDay = new Date('2026-04-02T00:00:00.000Z');
const monthly = { interval: 'month' as const };
const yearly = { interval: 'year' as const };

describe('a change of plan', () => {
  it('costs 14.50 from $5 to $20 after one of 30 days, and gives 14.50 in reverse (vector 5d)', () => {
    const up = { newPrice: usd(2000n), now: afterOneDay };
    const down = { newPrice: usd(500n), now: afterOneDay };
    const { CHARGE_NOW, NEXT_INVOICE } = PlanChangeMode;
    expect(
      quoteChange({ ...april, periodPaidMinor: 500n }, monthly, { ...up, mode: CHARGE_NOW }),
    ).toMatchObject({
      unused: usd(483n),
      added: usd(1933n),
      dueNow: usd(1450n),
      onNextInvoice: usd(0n),
    });
    expect(
      quoteChange({ ...april, periodPaidMinor: 500n }, monthly, { ...up, mode: NEXT_INVOICE }),
    ).toMatchObject({ dueNow: usd(0n), onNextInvoice: usd(1450n) });
    for (const mode of [CHARGE_NOW, NEXT_INVOICE]) {
      expect(
        quoteChange({ ...april, periodPaidMinor: 2000n }, monthly, { ...down, mode }),
      ).toMatchObject({ dueNow: usd(0n), onNextInvoice: usd(-1450n) });
    }
  });

  it('waits for the next period, or resets it at the full price', () => {
    const of = { ...april, periodPaidMinor: 500n };
    const asked = { newPrice: usd(2000n), now: afterOneDay };
    expect(quoteChange(of, monthly, { ...asked, mode: PlanChangeMode.NEXT_PERIOD })).toMatchObject({
      dueNow: usd(0n),
      onNextInvoice: usd(0n),
      beginsNewPeriod: false,
    });
    expect(quoteChange(of, monthly, { ...asked, mode: PlanChangeMode.RESET })).toMatchObject({
      dueNow: usd(2000n),
      onNextInvoice: usd(0n),
      beginsNewPeriod: true,
    });
  });

  it('of the interval is always charged now, with a new period', () => {
    const of = { ...april, periodPaidMinor: 500n };
    for (const mode of [PlanChangeMode.NEXT_INVOICE, PlanChangeMode.NEXT_PERIOD]) {
      expect(
        quoteChange(of, yearly, { newPrice: usd(5000n), mode, now: afterOneDay }),
      ).toMatchObject({
        mode: 'charge-now',
        dueNow: usd(5000n - 483n),
        beginsNewPeriod: true,
      });
    }
  });

  it('never credits more than was paid, and never asks for less than nothing', () => {
    const anyPrice = fc.bigInt({ min: 0n, max: 10n ** 9n });
    const anyMoment = fc.integer({ min: 0, max: 30 * 86_400 });
    fc.assert(
      fc.property(
        anyPrice,
        anyPrice,
        anyMoment,
        fc.constantFrom(...Object.values(PlanChangeMode)),
        fc.boolean(),
        (periodPaidMinor, price, second, mode, isYearly) => {
          const now = new Date(april.periodStart.getTime() + second * 1_000);
          const quote = quoteChange({ ...april, periodPaidMinor }, isYearly ? yearly : monthly, {
            newPrice: usd(price),
            mode,
            now,
          });
          expect(quote.dueNow.amountMinor).toBeGreaterThanOrEqual(0n);
          expect(quote.onNextInvoice.amountMinor).toBeGreaterThanOrEqual(-periodPaidMinor);
          if (quote.mode !== PlanChangeMode.NEXT_PERIOD && quote.mode !== PlanChangeMode.RESET)
            expect(netOf(quote).amountMinor).toBe(
              quote.added.amountMinor - quote.unused.amountMinor,
            );
        },
      ),
    );
  });
});
