import { money, type Currency } from '@lyceum/money';
import type { EntityManager } from 'typeorm';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyType, toMoneyType } from '../graph/money.type';
import { toRow } from '../orders/order.type';
import type { StateOf } from '../state-machines';
import type { RefundId } from './write-refund';

export enum RefundStatus {
  REQUESTED = 'requested',
  PENDING = 'pending',
  SETTLED = 'settled',
  FAILED = 'failed',
}
registerEnumType(RefundStatus, {
  name: 'RefundStatus',
  valuesConfig: {
    REQUESTED: { description: 'Booked, and about to be sent to the provider.' },
    PENDING: { description: 'Accepted by the provider, which tells of the result later.' },
    SETTLED: { description: 'The buyer has it.' },
    FAILED: { description: 'Final: everybody has theirs again.' },
  },
});

@ObjectType({ description: 'Money on its way back to a buyer, or there.' })
export class Refund {
  @Field(() => ID) id!: RefundId;
  orderId!: string;
  @Field(() => RefundStatus) status!: StateOf<'refund'>;
  amountMinor!: bigint;
  currency!: Currency;
  @Field(() => Boolean) endsAccess!: boolean;
  @Field(() => String) reason!: string;
  @Field(() => Date) createdAt!: Date;
  @Field(() => Date, { nullable: true }) settledAt!: Date | null;

  @Field(() => MoneyType)
  get amount(): MoneyType {
    return toMoneyType(money(this.amountMinor, this.currency));
  }
}

/** Refunds that match, oldest first; `where` is SQL of ours, with its parameters from $1. */
export const selectRefunds = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Refund[]> => {
  const rows = await db.query<object[]>(
    `SELECT id, order_id AS "orderId", status, amount_minor AS "amountMinor", currency, ends_access AS "endsAccess",
       reason, created_at AS "createdAt", settled_at AS "settledAt"
     FROM refund WHERE ${where} ORDER BY id`,
    [...parameters],
  );
  return rows.map((row) => toRow(Refund, row));
};
