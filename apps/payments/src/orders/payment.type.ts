import type { Id } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import type { EntityManager } from 'typeorm';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyType, toMoneyType } from '../graph/money.type';
import type { StateOf } from '../state-machines';
import { toRow, type OrderId } from './order.type';

export type PaymentId = Id<'Payment'>;

export enum PaymentStatus {
  CREATED = 'created',
  PENDING = 'pending',
  DECLINED = 'declined',
  CANCELED = 'canceled',
  SETTLED = 'settled',
}
registerEnumType(PaymentStatus, {
  name: 'PaymentStatus',
  valuesConfig: {
    CREATED: { description: 'The provider has not answered yet.' },
    PENDING: { description: 'The buyer can pay.' },
    DECLINED: { description: 'The buyer tried, and may try again.' },
    CANCELED: { description: 'Nobody can pay it any more.' },
    SETTLED: { description: 'The provider has the money.' },
  },
});

@ObjectType({ description: 'An attempt to have an order paid, by one provider.' })
export class Payment {
  @Field(() => ID) id!: PaymentId;
  orderId!: OrderId;
  @Field(() => String, { description: '`sandbox`, `stripe` …' }) provider!: string;
  @Field(() => PaymentStatus) status!: StateOf<'payment'>;
  amountMinor!: bigint;
  currency!: Currency;
  providerRef!: string | null;
  chargeRef!: string | null;
  paymentUrl!: string | null;
  @Field(() => Date) createdAt!: Date;
  @Field(() => Date, { nullable: true }) settledAt!: Date | null;

  @Field(() => MoneyType, { name: 'amount' })
  get amountField(): MoneyType {
    return toMoneyType(this.amount);
  }

  get amount(): Money {
    return money(this.amountMinor, this.currency);
  }
}

const paymentColumns = `id, order_id AS "orderId", provider, status, amount_minor AS "amountMinor", currency,
  provider_ref AS "providerRef", charge_ref AS "chargeRef", payment_url AS "paymentUrl", created_at AS "createdAt",
  settled_at AS "settledAt"`;

/** Payments that match; `where` is SQL of ours, with its parameters from $1. */
export const selectPayments = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Payment[]> => {
  const rows = await db.query<object[]>(`SELECT ${paymentColumns} FROM payment WHERE ${where}`, [
    ...parameters,
  ]);
  return rows.map((row) => toRow(Payment, row));
};

/** The payment, and nobody else changes it until the transaction ends. Lock its order first. */
export const lockPayment = async (db: EntityManager, id: string): Promise<Payment | null> =>
  (await selectPayments(db, 'id = $1 FOR UPDATE', [id]))[0] ?? null;
