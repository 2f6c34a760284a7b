import type { Tx } from '@lyceum/platform';
import { releaseCoupon } from '../coupons/reserve-coupon';
import { assertMove } from '../state-machines';
import { fulfilmentOf } from './fulfil-order';
import { linesOf, type Order } from './order.type';
import { piecesOf, releaseStock } from './stock';

/** Cancels an order that waits to be paid, locked by the caller, and gives up what was held for it. */
export const closeOrder = async (tx: Tx, order: Order): Promise<void> => {
  assertMove('order', order.status, 'canceled');
  order.status = 'canceled';
  order.canceledAt = tx.now;
  await tx.db.query(`UPDATE sales_order SET status = 'canceled', canceled_at = $2 WHERE id = $1`, [
    order.id,
    tx.now,
  ]);
  await tx.db.query(
    `UPDATE payment SET status = 'canceled' WHERE order_id = $1 AND status IN ('created', 'pending', 'declined')`,
    [order.id],
  );
  await releaseCoupon(tx, order.id);
  for (const line of await linesOf(tx.db, [order.id])) {
    const pieces = piecesOf(line);
    if (pieces !== null) await releaseStock(tx.db, pieces);
    await fulfilmentOf(tx, line.purpose).closed?.(tx, { order, line });
  }
};
