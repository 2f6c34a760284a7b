import fc from 'fast-check';
import { currencies, type Currency } from './currency';
import { money, type Money } from './money';

/** For tests: any known currency. */
export const anyCurrency = (): fc.Arbitrary<Currency> => fc.constantFrom(...currencies);

/** For tests: amounts of either sign, far beyond what a double holds exactly. */
export const anyAmountMinor = (): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });

export const anyMoney = (currency: fc.Arbitrary<Currency> = anyCurrency()): fc.Arbitrary<Money> =>
  fc.tuple(anyAmountMinor(), currency).map(([amountMinor, code]) => money(amountMinor, code));
