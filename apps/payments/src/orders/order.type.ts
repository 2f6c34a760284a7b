import type { AccountId, CommunityId, Id, MemberId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import type { EntityManager } from 'typeorm';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CampaignId } from '../campaigns/campaign.entity';
import type { ProductId } from '../catalogue/product.entity';
import { MoneyType, toMoneyType } from '../graph/money.type';
import type { StateOf } from '../state-machines';

export type OrderId = Id<'Order'>;

export enum OrderStatus {
  AWAITING_PAYMENT = 'awaiting-payment',
  PAID = 'paid',
  CANCELED = 'canceled',
  REFUNDED = 'refunded',
  CHARGED_BACK = 'charged-back',
}
registerEnumType(OrderStatus, {
  name: 'OrderStatus',
  valuesConfig: {
    AWAITING_PAYMENT: { description: 'Nothing is given before it is paid.' },
    PAID: { description: 'Paid in full, or free. It may be refunded in part.' },
    CANCELED: { description: 'By its buyer, or because it was not paid in time.' },
    REFUNDED: { description: 'All of its money went back.' },
    CHARGED_BACK: { description: 'The buyer won a dispute over it.' },
  },
});

@ObjectType({ description: 'The terms of giving it back, as they were when it was ordered.' })
export class RefundPolicy {
  @Field(() => Int, { description: 'Days in which its buyer may have the money back.' })
  windowDays!: number;

  @Field(() => Boolean, {
    description: 'Whether a full refund ends the access to what was bought.',
  })
  endsAccess!: boolean;
}

@ObjectType({
  description: 'One thing that was ordered, at the price and on the terms of that moment.',
})
export class OrderLine {
  @Field(() => Int) number!: number;
  @Field(() => String, { description: '`product`, `tip` …' }) purpose!: string;
  referenceId!: string | null;
  productId!: ProductId | null;
  @Field(() => Int, { nullable: true }) productVersion!: number | null;
  priceId!: string | null;
  @Field(() => String, { description: 'Plain text: escape it to show it.' }) title!: string;
  listMinor!: bigint;
  amountMinor!: bigint;
  splitId!: string | null;
  earnerId!: MemberId | null;
  holdsStock!: boolean;
  @Field(() => Int) quantity!: number;
  currency!: Currency;

  @Field(() => MoneyType, { name: 'amount', description: 'After its discount.' })
  get amountField(): MoneyType {
    return toMoneyType(this.amount);
  }

  get amount(): Money {
    return money(this.amountMinor, this.currency);
  }
}

@Directive('@key(fields: "id")')
@ObjectType({
  description:
    'What somebody bought, or is about to. Its buyer and those who manage the catalogue see it.',
})
export class Order {
  @Field(() => ID) id!: OrderId;
  communityId!: CommunityId;
  buyerId!: AccountId;
  buyerMemberId!: MemberId | null;
  @Field(() => OrderStatus) status!: StateOf<'order'>;
  currency!: Currency;
  listMinor!: bigint;
  discountMinor!: bigint;
  totalMinor!: bigint;
  feeMinor!: bigint;
  refundedMinor!: bigint;
  refundWindowDays!: number;
  refundEndsAccess!: boolean;
  referrerId!: MemberId | null;
  campaignId!: CampaignId | null;
  @Field(() => Date) createdAt!: Date;
  @Field(() => Date, { description: 'Until when it can be paid.' }) expiresAt!: Date;
  @Field(() => Date, { nullable: true }) paidAt!: Date | null;
  @Field(() => Date, { nullable: true }) canceledAt!: Date | null;

  @Field(() => MoneyType, { name: 'total' })
  get totalField(): MoneyType {
    return toMoneyType(this.total);
  }

  @Field(() => MoneyType, { name: 'discount' })
  get discountField(): MoneyType {
    return toMoneyType(money(this.discountMinor, this.currency));
  }

  @Field(() => MoneyType, {
    name: 'refunded',
    description: 'What has gone back, or is on its way.',
  })
  get refundedField(): MoneyType {
    return toMoneyType(money(this.refundedMinor, this.currency));
  }

  @Field(() => RefundPolicy)
  get refundPolicy(): RefundPolicy {
    return { windowDays: this.refundWindowDays, endsAccess: this.refundEndsAccess };
  }

  get total(): Money {
    return money(this.totalMinor, this.currency);
  }

  /** What can still go back. */
  get refundable(): Money {
    return money(this.totalMinor - this.refundedMinor, this.currency);
  }
}

const orderColumns = `id, community_id AS "communityId", buyer_id AS "buyerId", buyer_member_id AS "buyerMemberId",
  status, currency, list_minor AS "listMinor", discount_minor AS "discountMinor", total_minor AS "totalMinor",
  fee_minor AS "feeMinor", refunded_minor AS "refundedMinor", refund_window_days AS "refundWindowDays",
  refund_ends_access AS "refundEndsAccess", referrer_id AS "referrerId", campaign_id AS "campaignId", created_at AS "createdAt",
  expires_at AS "expiresAt", paid_at AS "paidAt", canceled_at AS "canceledAt"`;

const bigints = [
  'listMinor',
  'discountMinor',
  'totalMinor',
  'feeMinor',
  'refundedMinor',
  'amountMinor',
] as const;

/** A row as the database gives it, its amounts as integers. */
export const toRow = <T extends object>(type: new () => T, row: object): T => {
  const made = Object.assign(new type(), row) as Record<string, unknown>;
  for (const name of bigints) if (typeof made[name] === 'string') made[name] = BigInt(made[name]);
  return made as T;
};

/** Orders that match; `where` is SQL of ours, with its parameters from $1. */
export const selectOrders = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Order[]> => {
  const rows = await db.query<object[]>(`SELECT ${orderColumns} FROM sales_order WHERE ${where}`, [
    ...parameters,
  ]);
  return rows.map((row) => toRow(Order, row));
};

/** The order, and nobody else changes it until the transaction ends. */
export const lockOrder = async (db: EntityManager, id: string): Promise<Order | null> =>
  (await selectOrders(db, 'id = $1 FOR UPDATE', [id]))[0] ?? null;

/** The lines of these orders, in order. */
export const linesOf = async (
  db: EntityManager,
  orderIds: readonly string[],
): Promise<(OrderLine & { readonly orderId: OrderId })[]> => {
  const rows = await db.query<object[]>(
    `SELECT line.order_id AS "orderId", line.number, line.purpose, line.reference_id AS "referenceId",
       line.product_id AS "productId", line.product_version AS "productVersion", line.price_id AS "priceId",
       line.title, line.list_minor AS "listMinor", line.amount_minor AS "amountMinor", line.split_id AS "splitId", line.earner_id AS "earnerId",
       line.holds_stock AS "holdsStock", line.quantity, sales_order.currency
     FROM order_line AS line JOIN sales_order ON sales_order.id = line.order_id
     WHERE line.order_id = ANY($1::uuid[]) ORDER BY line.order_id, line.number`,
    [orderIds],
  );
  return rows.map((row) => toRow(OrderLine, row) as OrderLine & { orderId: OrderId });
};
