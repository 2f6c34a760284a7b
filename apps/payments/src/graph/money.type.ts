import { parseCurrency, parseMinorUnits, type Money } from '@lyceum/money';
import { Directive, Field, InputType, ObjectType } from 'type-graphql';

@Directive('@shareable')
@ObjectType('Money', { description: 'An exact amount of one currency.' })
export class MoneyType {
  @Field(() => String, {
    description: 'Whole minor units (fen, cents, yen), in decimal digits: "1234" is 12.34 CNY.',
  })
  amountMinor!: string;

  @Field(() => String, { description: 'ISO 4217 code.' })
  currency!: string;
}

@InputType({ description: 'An exact amount of one currency.' })
export class MoneyInput {
  @Field(() => String, { description: 'Whole minor units in decimal digits.' })
  amountMinor!: string;

  @Field(() => String, { description: 'ISO 4217 code, upper case.' })
  currency!: string;
}

export const toMoneyType = ({ amountMinor, currency }: Money): MoneyType => ({
  amountMinor: amountMinor.toString(),
  currency,
});

/** The amount, or null when the digits or the currency are not valid. */
export const parseMoneyInput = ({ amountMinor, currency }: MoneyInput): Money | null => {
  const known = parseCurrency(currency);
  return known === null ? null : parseMinorUnits(amountMinor, known);
};
