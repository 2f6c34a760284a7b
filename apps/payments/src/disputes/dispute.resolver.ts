import { money, type Currency } from '@lyceum/money';
import type { Ctx } from '@lyceum/platform';
import {
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { MoneyType, toMoneyType } from '../graph/money.type';
import { Order } from '../orders/order.type';
import type { DisputeId } from './apply-dispute';
import { feeIn } from './dispute-fee';

export enum DisputeStatus {
  OPEN = 'open',
  WON = 'won',
  LOST = 'lost',
}
registerEnumType(DisputeStatus, {
  name: 'DisputeStatus',
  valuesConfig: {
    OPEN: { description: 'The money is frozen and the access withheld.' },
    WON: { description: 'As if nothing had been.' },
    LOST: { description: 'The buyer has the money, and no access.' },
  },
});

@ObjectType({ description: 'A buyer demanded a payment back of the bank.' })
export class Dispute {
  @Field(() => ID) id!: DisputeId;
  @Field(() => DisputeStatus) status!: string;
  @Field(() => MoneyType) amount!: MoneyType;
  @Field(() => String) reason!: string;

  @Field(() => MoneyType, {
    nullable: true,
    description:
      'What the provider charges for the dispute, apart from the money; the platform bears it once it is decided. Open, what it would be when lost.',
  })
  fee!: MoneyType | null;

  @Field(() => Date) openedAt!: Date;
  @Field(() => Date, { nullable: true }) decidedAt!: Date | null;
}

@Resolver(() => Order)
export class DisputeResolver {
  @FieldResolver(() => [Dispute], { description: 'Oldest first.' })
  async disputes(@Root() { id }: Order, @Context() ctx: Ctx): Promise<Dispute[]> {
    const rows = await ctx.db.query<
      (Omit<Dispute, 'amount' | 'fee'> & {
        amountMinor: string;
        currency: Currency;
        feeMinor: string;
        feeCurrency: Currency | null;
      })[]
    >(
      `SELECT id, status, amount_minor AS "amountMinor", currency, reason, opened_at AS "openedAt",
         decided_at AS "decidedAt", fee_minor AS "feeMinor", fee_currency AS "feeCurrency"
       FROM dispute WHERE order_id = $1 ORDER BY id`,
      [id],
    );
    return rows.map(({ amountMinor, currency, feeMinor, feeCurrency, ...row }) => {
      const fee = feeIn({ feeMinor, feeCurrency });
      return Object.assign(new Dispute(), row, {
        amount: toMoneyType(money(BigInt(amountMinor), currency)),
        fee: fee === null ? null : toMoneyType(fee),
      });
    });
  }
}
