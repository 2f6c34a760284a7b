import { type Money, isNegative } from '@lyceum/money';
import { Field, InputType } from 'type-graphql';
import { MoneyInput, parseMoneyInput } from '../graph/money.type';
import { InvalidPrices } from './catalogue.errors';
import { BillingInterval, intervalsOf, type ProductKind } from './product-kind';

@InputType({ description: 'One way to pay. Zero is free.' })
export class PriceInput {
  @Field(() => MoneyInput) amount!: MoneyInput;

  @Field(() => BillingInterval, { defaultValue: BillingInterval.ONE_OFF })
  interval!: BillingInterval;
}

/** A price that is valid for its kind of product. */
export interface Offer {
  readonly amount: Money;
  readonly interval: BillingInterval;
}

/** Far above any real price in any currency, far below what the database's bigint holds. */
const maxAmountMinor = 1_000_000_000_000n;
const maxOffers = 50;

/**
 * The offers of a price list, or why it is none: 1 to 50 prices, each with a currency that exists, not
 * negative, an interval its kind can be paid in, and one price for each interval and currency.
 */
export const parsePriceList = (
  kind: ProductKind,
  prices: readonly PriceInput[],
): readonly Offer[] | InvalidPrices => {
  if (prices.length === 0) return new InvalidPrices('A product has a price; a free one has zero.');
  if (prices.length > maxOffers) {
    return new InvalidPrices(`A product has at most ${String(maxOffers)} prices.`);
  }
  const offers: Offer[] = [];
  const seen = new Set<string>();
  for (const [index, { amount: input, interval }] of prices.entries()) {
    const amount = parseMoneyInput(input);
    const problem =
      amount === null
        ? 'Not an amount of a currency that exists.'
        : whyNot(kind, { amount, interval });
    if (amount === null || problem !== null) return new InvalidPrices(problem ?? '', index);
    const key = `${interval} ${amount.currency}`;
    if (seen.has(key)) {
      return new InvalidPrices('There is one price for each interval and currency.', index);
    }
    seen.add(key);
    offers.push({ amount, interval });
  }
  return offers;
};

const whyNot = (kind: ProductKind, { amount, interval }: Offer): string | null => {
  if (isNegative(amount)) return 'A price is never negative.';
  if (amount.amountMinor > maxAmountMinor) return 'This price is too high.';
  if (!intervalsOf[kind].includes(interval))
    return 'This kind of product is not paid for like that.';
  return null;
};

/** Whether two lists offer the same, in whatever order. */
export const isSamePriceList = (left: readonly Offer[], right: readonly Offer[]): boolean =>
  keyOf(left) === keyOf(right);

const keyOf = (offers: readonly Offer[]): string =>
  offers
    .map(
      ({ amount, interval }) => `${interval} ${amount.currency} ${amount.amountMinor.toString()}`,
    )
    .sort()
    .join();
