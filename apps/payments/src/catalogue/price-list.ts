import { compare, isNegative, type Money } from '@lyceum/money';
import { Field, InputType } from 'type-graphql';
import { MoneyInput, parseMoneyInput } from '../graph/money.type';
import { InvalidPrices } from './catalogue.errors';
import { BillingInterval, intervalsOf, paidAtWill, type ProductKind } from './product-kind';

@InputType({ description: 'One way to pay. Zero is free.' })
export class PriceInput {
  @Field(() => MoneyInput) amount!: MoneyInput;

  @Field(() => BillingInterval, { defaultValue: BillingInterval.ONE_OFF })
  interval!: BillingInterval;

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Lets buyers pay what they want: this is suggested, `amount` is the least.',
  })
  suggested?: MoneyInput | null;
}

/** A price that is valid for its kind of product. */
export interface Offer {
  readonly amount: Money;
  readonly interval: BillingInterval;
  /** Null for a price that is what it is; otherwise buyers decide, and `amount` is the least. */
  readonly suggested: Money | null;
}

/** Far above any real price in any currency, far below what the database's bigint holds. */
export const maxAmountMinor = 1_000_000_000_000n;
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
  for (const [index, input] of prices.entries()) {
    const offer = parseOffer(input);
    const problem =
      offer === null ? 'Not an amount of a currency that exists.' : whyNot(kind, offer);
    if (offer === null || problem !== null) return new InvalidPrices(problem ?? '', index);
    const key = `${offer.interval} ${offer.amount.currency}`;
    if (seen.has(key)) {
      return new InvalidPrices('There is one price for each interval and currency.', index);
    }
    seen.add(key);
    offers.push(offer);
  }
  return offers;
};

const parseOffer = ({ amount: input, interval, suggested: hint }: PriceInput): Offer | null => {
  const amount = parseMoneyInput(input);
  const suggested = hint == null ? null : parseMoneyInput(hint);
  return amount === null || (hint != null && suggested === null)
    ? null
    : { amount, interval, suggested };
};

const whyNot = (kind: ProductKind, { amount, interval, suggested }: Offer): string | null => {
  if (isNegative(amount)) return 'A price is never negative.';
  if (amount.amountMinor > maxAmountMinor) return 'This price is too high.';
  if (!intervalsOf[kind].includes(interval))
    return 'This kind of product is not paid for like that.';
  if (suggested === null) return null;
  if (interval !== BillingInterval.ONE_OFF || !paidAtWill.includes(kind))
    return 'Only what is bought once, and by itself, can be paid at will.';
  if (suggested.currency !== amount.currency || compare(suggested, amount) < 0)
    return 'What is suggested is at least the price, in its currency.';
  return suggested.amountMinor > maxAmountMinor ? 'This price is too high.' : null;
};

/** Whether two lists offer the same, in whatever order. */
export const isSamePriceList = (left: readonly Offer[], right: readonly Offer[]): boolean =>
  keyOf(left) === keyOf(right);

const keyOf = (offers: readonly Offer[]): string =>
  offers
    .map(
      ({ amount, interval, suggested }) =>
        `${interval} ${amount.currency} ${amount.amountMinor.toString()} ${suggested?.amountMinor.toString() ?? ''}`,
    )
    .sort()
    .join();
