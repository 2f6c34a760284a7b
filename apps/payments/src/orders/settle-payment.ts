import assert from 'node:assert/strict';
import { allocate, equals, money, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { consumeCoupon, releaseCoupon } from '../coupons/reserve-coupon';
import { kitOf } from '../kit';
import { moveMoney, providerOwner, type Movement } from '../ledger/move-money';
import { giveBackUnassigned } from '../refunds/give-back-unassigned';
import { referrerOf } from '../referrals/attribute-order';
import { assertMove, canMove } from '../state-machines';
import { countRevenue } from './count-revenue';
import { creditsOf } from './credits';
import { fulfilmentOf, fulfilOrder } from './fulfil-order';
import type { Credit } from './fulfilment';
import { linesOf, lockOrder, type Order, type OrderLine } from './order.type';
import { lockPayment, selectPayments, type Payment } from './payment.type';
import { takeTurns } from './place-order';
import { holdStock, piecesOf, releaseStock } from './stock';

export interface Settlement {
  readonly paymentId: string;
  readonly chargeRef: string | null;
  /** What the provider says it received. */
  readonly amount: Money;
  readonly fee: Money | null;
}

export type SettlementOutcome = 'settled' | 'settled-before' | 'unknown-payment' | 'wrong-amount';

/**
 * The provider has the money: the one place where an order becomes paid by money. Books what came in, gives the order's
 * lines, and divides the money; what can no longer be given (bought meanwhile, sold out) goes back at once.
 * All of it in one transaction, so nobody is entitled before the payment is booked, nor the other way round.
 */
export const settlePayment = async (tx: Tx, settlement: Settlement): Promise<SettlementOutcome> => {
  const [found] = await selectPayments(tx.db, 'id = $1', [settlement.paymentId]);
  if (found === undefined) return 'unknown-payment';
  if (!equals(found.amount, settlement.amount)) return 'wrong-amount';
  const [before] = await tx.db.query<{ buyerId: Order['buyerId'] }[]>(
    'SELECT buyer_id AS "buyerId" FROM sales_order WHERE id = $1',
    [found.orderId],
  );
  assert(before !== undefined, 'a payment has an order');
  await takeTurns(tx, before.buyerId);
  const order = await lockOrder(tx.db, found.orderId);
  const payment = await lockPayment(tx.db, found.id);
  assert(order !== null && payment !== null, 'orders and payments are never deleted');
  if (payment.status === 'settled') return 'settled-before';

  const fee = settlement.fee ?? estimatedFee(tx, payment);
  await recordSettled(tx, payment, { fee, chargeRef: settlement.chargeRef });
  await receive(tx, payment);
  const lines = await linesOf(tx.db, [order.id]);
  if (await isStillWanted(tx, order, lines)) await pay(tx, order, { lines, payment, fee });
  else await giveBackUnassigned(tx, order, payment);
  return 'settled';
};

/** By the provider's usual rate, for one that doesn't tell. */
const estimatedFee = (tx: Tx, { provider, amount }: Payment): Money => {
  const rate = kitOf(tx).providers.get(provider)?.feeBasisPoints ?? 0n;
  return allocate(amount, [rate, 10_000n - rate])[0] ?? assert.fail();
};

const recordSettled = async (
  tx: Tx,
  payment: Payment,
  { fee, chargeRef }: { fee: Money; chargeRef: string | null },
): Promise<void> => {
  assertMove('payment', payment.status, 'settled');
  await tx.db.query(
    `UPDATE payment SET status = 'settled', settled_at = $2, fee_minor = $3, charge_ref = coalesce($4, charge_ref)
     WHERE id = $1`,
    [payment.id, tx.now, fee.amountMinor.toString(), chargeRef],
  );
};

const minus = ({ amountMinor, currency }: Money): Money => money(-amountMinor, currency);

/** The provider holds the money, and it is not yet said what for. */
const receive = (tx: Tx, { id, provider, amount }: Payment): Promise<unknown> => {
  const ownerId = providerOwner(provider);
  return moveMoney(tx, {
    key: `payment:${id}`,
    kind: 'payment',
    movements: [
      { code: 'provider-balance', ownerId, amount: minus(amount) },
      { code: 'provider-clearing', ownerId, amount },
    ],
  });
};

/** Whether the order can still become paid. One that was canceled needs what it held once more. */
const isStillWanted = async (
  tx: Tx,
  order: Order,
  lines: readonly OrderLine[],
): Promise<boolean> => {
  if (!canMove('order', order.status, 'paid')) return false;
  for (const line of lines) {
    const isAvailable = await fulfilmentOf(tx, line.purpose).isAvailable?.(tx, { order, line });
    if (isAvailable === false) return releaseAll(tx, order, lines);
  }
  if (order.status !== 'canceled') return true;
  const held: OrderLine[] = [];
  for (const line of lines.filter(({ holdsStock }) => holdsStock)) {
    const pieces = piecesOf(line);
    if (pieces === null || (await holdStock(tx.db, pieces)) === 'held') held.push(line);
    else return releaseAll(tx, { id: order.id, status: 'awaiting-payment' }, held);
  }
  return true;
};

/** What an order holds that will never be paid; the answer is always no. */
const releaseAll = async (
  tx: Tx,
  order: Pick<Order, 'id' | 'status'>,
  lines: readonly OrderLine[],
): Promise<false> => {
  if (order.status === 'awaiting-payment')
    for (const line of lines) {
      const pieces = piecesOf(line);
      if (pieces !== null) await releaseStock(tx.db, pieces);
    }
  await releaseCoupon(tx, order.id);
  await tx.db.query(
    `UPDATE sales_order SET status = 'canceled', canceled_at = $2 WHERE id = $1 AND status = 'awaiting-payment'`,
    [order.id, tx.now],
  );
  return false;
};

const pay = async (
  tx: Tx,
  order: Order,
  { lines, payment, fee }: { lines: readonly OrderLine[]; payment: Payment; fee: Money },
): Promise<void> => {
  assertMove('order', order.status, 'paid');
  order.referrerId = await referrerOf(tx, order);
  await tx.db.query(
    `UPDATE sales_order SET status = 'paid', paid_at = $2, canceled_at = NULL, fee_minor = $3, referrer_id = $4
     WHERE id = $1`,
    [order.id, tx.now, fee.amountMinor.toString(), order.referrerId],
  );
  order.status = 'paid';
  order.paidAt = tx.now;
  order.feeMinor = fee.amountMinor;
  const credits = await creditsOf(tx, order, { lines, fee });
  await insertCredits(tx, order, credits);
  const ownerId = providerOwner(payment.provider);
  const movements: Movement[] = [
    { code: 'provider-clearing', ownerId, amount: minus(order.total) },
    { code: 'provider-fee', ownerId, amount: fee },
    ...credits,
  ];
  await moveMoney(tx, { key: `order:${order.id}`, kind: 'purchase', movements });
  await countRevenue(tx, {
    orderId: order.id,
    sourceId: order.id,
    kind: 'sale',
    amount: order.total,
  });
  await consumeCoupon(tx, order.id); // given up and paid all the same: its discount was given
  await fulfilOrder(tx, order, lines);
};

const insertCredits = (tx: Tx, { id }: Order, credits: readonly Credit[]): Promise<unknown> =>
  tx.db.query(
    `INSERT INTO order_credit (order_id, number, code, owner_id, amount_minor)
     SELECT $1, number, code, owner_id, amount_minor FROM json_to_recordset($2::json)
       AS credit (number int, code text, owner_id uuid, amount_minor bigint)`,
    [
      id,
      JSON.stringify(
        credits.map(({ code, ownerId, amount }, index) => ({
          number: index + 1,
          code,
          owner_id: ownerId,
          amount_minor: amount.amountMinor.toString(),
        })),
      ),
    ],
  );
