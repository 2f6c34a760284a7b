import { compare, equals, type Money } from '@lyceum/money';
import { UserError } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';
import { maxAmountMinor } from '../catalogue/price-list';
import type { Price } from '../catalogue/price.entity';
import { MoneyType, parseMoneyInput, toMoneyType, type MoneyInput } from '../graph/money.type';

@ObjectType({ implements: UserError })
export class AmountNotTaken extends UserError {
  readonly code = 'AMOUNT_NOT_TAKEN' as const;
  readonly message: string;
  @Field(() => MoneyType, { description: 'The price, or the least where buyers decide.' })
  readonly least: MoneyType;
  constructor(message: string, least: Money) {
    super();
    this.message = message;
    this.least = toMoneyType(least);
  }
}

/**
 * What a buyer pays at this price: the price itself, or where buyers decide what this one has chosen, and what is
 * suggested by default. An amount that is told is never taken for another one.
 */
export const chosenAmount = (
  { amount: least, suggested }: Pick<Price, 'amount' | 'suggested'>,
  input: MoneyInput | null | undefined,
): Money | AmountNotTaken => {
  if (input == null) return suggested ?? least;
  const amount = parseMoneyInput(input);
  if (amount?.currency !== least.currency)
    return new AmountNotTaken('This is no amount in the currency of the price.', least);
  if (suggested === null)
    return equals(amount, least) ? least : new AmountNotTaken('The price is fixed.', least);
  if (compare(amount, least) < 0) return new AmountNotTaken('This is less than the least.', least);
  return amount.amountMinor > maxAmountMinor
    ? new AmountNotTaken('This is more than can be paid at once.', least)
    : amount;
};
