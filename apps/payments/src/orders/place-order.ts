import assert from 'node:assert/strict';
import { newId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { isNegative, subtract, sum, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import type { CampaignId } from '../campaigns/campaign.entity';
import type { ProductId } from '../catalogue/product.entity';
import { fulfilOrder } from './fulfil-order';
import { SoldOut } from './order.errors';
import { linesOf, lockOrder, type Order, type OrderId } from './order.type';
import { holdStock } from './stock';

/** One thing to be paid for. */
export interface NewLine {
  /** Names the fulfilment: `product`, `tip` … */
  readonly purpose: string;
  readonly referenceId?: string | null;
  readonly productId?: ProductId | null;
  readonly productVersion?: number | null;
  readonly priceId?: string | null;
  /** Of a product; 1 by default. The amount is that of all of them. */
  readonly quantity?: number;
  readonly title: string;
  readonly amount: Money;
  /** What is taken off the amount. */
  readonly discount?: Money;
  readonly splitId: string | null;
  /** Whose the creator's share is. */
  readonly earnerId: MemberId | null;
}

export interface NewOrder {
  /** Its id, for who must know it before; a new one by default. */
  readonly id?: OrderId;
  readonly communityId: CommunityId;
  readonly buyerId: AccountId;
  readonly buyerMemberId: MemberId | null;
  readonly lines: readonly NewLine[];
  readonly referrerId?: MemberId | null;
  readonly campaignId?: CampaignId | null;
  readonly refundPolicy: { readonly windowDays: number; readonly endsAccess: boolean };
  readonly expiresInMs?: number;
}

const defaultExpiryMs = 30 * 60_000;

/**
 * Writes an order that waits to be paid; what costs nothing is paid at once, and given. Of what there are only so many
 * one is held for it. All lines are of one currency. Call `startPayment` when the transaction has been committed.
 */
export const placeOrder = async (tx: Tx, request: NewOrder): Promise<Order | SoldOut> => {
  const [first] = request.lines;
  assert(first !== undefined, 'an order has a line');
  await takeTurns(tx, request.buyerId);
  const holds: boolean[] = [];
  for (const { productId, quantity = 1 } of request.lines) {
    const hold = productId == null ? 'unlimited' : await holdStock(tx.db, { productId, quantity });
    if (hold === 'sold-out') return new SoldOut();
    holds.push(hold === 'held');
  }
  const id = request.id ?? newId<'Order'>();
  const total = await insertOrder(tx, id, request);
  await insertLines(tx, id, { lines: request.lines, holds });
  const order = await lockOrder(tx.db, id);
  assert(order !== null, 'the order was written');
  if (total.amountMinor === 0n) await fulfilOrder(tx, order, await linesOf(tx.db, [id]));
  return order;
};

/** Everything that gives things to one buyer takes turns, so that nobody buys twice what is bought once. */
export const takeTurns = (tx: Tx, buyerId: AccountId): Promise<unknown> =>
  tx.db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`buyer ${buyerId}`]);

const amountAfterDiscount = ({ amount, discount }: NewLine): Money => {
  const left = discount === undefined ? amount : subtract(amount, discount);
  assert(!isNegative(left), 'a discount is no more than the price');
  return left;
};

const insertOrder = async (tx: Tx, id: OrderId, request: NewOrder): Promise<Money> => {
  const { lines, refundPolicy, expiresInMs = defaultExpiryMs } = request;
  const currency = lines[0]?.amount.currency ?? assert.fail();
  const list = sum(
    lines.map(({ amount }) => amount),
    currency,
  );
  const total = sum(lines.map(amountAfterDiscount), currency);
  const isFree = total.amountMinor === 0n;
  await tx.db.query(
    `INSERT INTO sales_order (id, community_id, buyer_id, buyer_member_id, status, currency, list_minor, discount_minor,
       total_minor, refund_window_days, refund_ends_access, referrer_id, created_at, expires_at, paid_at, campaign_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      id,
      request.communityId,
      request.buyerId,
      request.buyerMemberId,
      isFree ? 'paid' : 'awaiting-payment',
      currency,
      list.amountMinor.toString(),
      subtract(list, total).amountMinor.toString(),
      total.amountMinor.toString(),
      refundPolicy.windowDays,
      refundPolicy.endsAccess,
      request.referrerId ?? null,
      tx.now,
      new Date(tx.now.getTime() + expiresInMs),
      isFree ? tx.now : null,
      request.campaignId ?? null,
    ],
  );
  return total;
};

const insertLines = (
  tx: Tx,
  orderId: OrderId,
  { lines, holds }: { lines: readonly NewLine[]; holds: readonly boolean[] },
): Promise<unknown> =>
  tx.db.query(
    `INSERT INTO order_line (order_id, number, purpose, reference_id, product_id, product_version, price_id, title,
       list_minor, amount_minor, split_id, earner_id, holds_stock, quantity)
     SELECT $1, number, purpose, reference_id, product_id, product_version, price_id, title, list_minor, amount_minor,
       split_id, earner_id, holds_stock, quantity
     FROM json_to_recordset($2::json) AS line (number int, purpose text, reference_id uuid, product_id uuid,
       product_version int, price_id uuid, title text, list_minor bigint, amount_minor bigint, split_id uuid,
       earner_id uuid, holds_stock boolean, quantity int)`,
    [
      orderId,
      JSON.stringify(
        lines.map((line, index) => ({
          number: index + 1,
          purpose: line.purpose,
          reference_id: line.referenceId ?? null,
          product_id: line.productId ?? null,
          product_version: line.productVersion ?? null,
          price_id: line.priceId ?? null,
          title: line.title,
          list_minor: line.amount.amountMinor.toString(),
          amount_minor: amountAfterDiscount(line).amountMinor.toString(),
          split_id: line.splitId,
          earner_id: line.earnerId,
          holds_stock: holds[index] ?? false,
          quantity: line.quantity ?? 1,
        })),
      ),
    ],
  );
