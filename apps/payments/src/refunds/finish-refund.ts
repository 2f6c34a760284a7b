import { isId, OrderRefunded, type PayloadOf } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { moveMoney, providerOwner } from '../ledger/move-money';
import { countRevenue } from '../orders/count-revenue';
import { fulfilmentOf } from '../orders/fulfil-order';
import { linesOf, lockOrder, type Order } from '../orders/order.type';
import { changeEntitlements } from '../entitlements/grant-entitlement';
import { canMove, type StateOf } from '../state-machines';
import { tellEndpoints } from '../webhooks-out/tell';
import { takenFromJson } from './taken';

export interface RefundRow {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly provider: string;
  readonly status: StateOf<'refund'>;
  readonly origin: 'order' | 'unassigned';
  readonly amountMinor: string;
  readonly currency: Currency;
  readonly taken: unknown;
  readonly endsAccess: boolean;
  readonly reason: string;
  readonly attempts: number;
  readonly providerRef: string | null;
}

export const refundColumns = `refund.id, refund.order_id AS "orderId", refund.payment_id AS "paymentId", payment.provider,
  refund.status, refund.origin, refund.amount_minor AS "amountMinor", refund.currency, refund.taken,
  refund.ends_access AS "endsAccess", refund.reason, refund.attempts, refund.provider_ref AS "providerRef"`;

export interface RefundResult {
  readonly refundId: string;
  readonly status: 'settled' | 'failed';
  readonly providerRef?: string;
  readonly problem?: string;
}

/** The provider has paid a refund out, or will not. What was taken for one that failed is given back. */
export const finishRefund = async (
  tx: Tx,
  { refundId, status, providerRef, problem }: RefundResult,
): Promise<{ outcome: 'processed' | 'ignored' | 'waits'; problem?: string }> => {
  if (!isId(refundId)) return { outcome: 'ignored' };
  const [known] = await tx.db.query<{ orderId: string }[]>(
    'SELECT order_id AS "orderId" FROM refund WHERE id = $1',
    [refundId],
  );
  const order = known === undefined ? null : await lockOrder(tx.db, known.orderId);
  if (order === null) return { outcome: 'waits', problem: 'no such refund' };
  const [refund] = await tx.db.query<RefundRow[]>(
    `SELECT ${refundColumns} FROM refund JOIN payment ON payment.id = refund.payment_id
     WHERE refund.id = $1 FOR UPDATE OF refund`,
    [refundId],
  );
  if (refund === undefined || !canMove('refund', refund.status, status))
    return { outcome: 'ignored' };

  await tx.db.query(
    `UPDATE refund SET status = $2, settled_at = $3, problem = $4, provider_ref = coalesce($5, provider_ref) WHERE id = $1`,
    [refundId, status, status === 'settled' ? tx.now : null, problem ?? null, providerRef ?? null],
  );
  await (status === 'settled' ? payOut(tx, order, refund) : giveBack(tx, order, refund));
  return { outcome: 'processed' };
};

const payOut = async (tx: Tx, order: Order, refund: RefundRow): Promise<void> => {
  const amount = money(BigInt(refund.amountMinor), refund.currency);
  await moveMoney(tx, {
    key: `refund-settled:${refund.id}`,
    kind: 'refund-settled',
    movements: [
      { code: 'refunds', ownerId: null, amount: money(-amount.amountMinor, amount.currency) },
      { code: 'provider-balance', ownerId: providerOwner(refund.provider), amount },
    ],
  });
  if (refund.origin === 'unassigned') return;
  await countRevenue(tx, { orderId: order.id, sourceId: refund.id, kind: 'refund', amount });
  const [{ settled = '0' } = {}] = await tx.db.query<{ settled?: string }[]>(
    `SELECT coalesce(sum(amount_minor), 0)::text AS settled FROM refund
     WHERE order_id = $1 AND origin = 'order' AND status = 'settled'`,
    [order.id],
  );
  const isFull = BigInt(settled) === order.totalMinor;
  if (isFull && canMove('order', order.status, 'refunded'))
    await tx.db.query(`UPDATE sales_order SET status = 'refunded' WHERE id = $1`, [order.id]);
  const refunded: PayloadOf<typeof OrderRefunded> = {
    orderId: order.id,
    communityId: order.communityId,
    buyerId: order.buyerId,
    sourceType: 'refund',
    sourceId: refund.id,
    amountMinor: refund.amountMinor,
    refundedMinor: order.refundedMinor.toString(),
    currency: refund.currency,
    isFull,
  };
  await tx.emit(OrderRefunded, refunded);
  const { communityId, id: objectId } = order;
  await tellEndpoints(tx, [{ communityId, type: 'order.refunded', objectId, data: refunded }]);
};

/** As if it had not been asked for: everybody has theirs again, and the buyer the access. */
const giveBack = async (tx: Tx, order: Order, refund: RefundRow): Promise<void> => {
  const amount = money(BigInt(refund.amountMinor), refund.currency);
  await moveMoney(tx, {
    key: `refund-failed:${refund.id}`,
    kind: 'refund-failed',
    movements: [
      { code: 'refunds', ownerId: null, amount: money(-amount.amountMinor, amount.currency) },
      ...takenFromJson(refund.taken, refund.currency),
    ],
  });
  if (refund.origin === 'unassigned') return;
  await tx.db.query('UPDATE sales_order SET refunded_minor = refunded_minor - $2 WHERE id = $1', [
    order.id,
    refund.amountMinor,
  ]);
  if (!refund.endsAccess || (await hasEndedOtherwise(tx, order))) return;
  const source = { type: 'order', id: order.id };
  await changeEntitlements(tx, { source, status: 'active', revives: true });
  const disputed = await tx.db.query<unknown[]>(
    `SELECT FROM dispute WHERE order_id = $1 AND status = 'open' LIMIT 1`, // a bank is about to decide on it
    [order.id],
  );
  if (disputed.length > 0) await changeEntitlements(tx, { source, status: 'suspended' });
  for (const line of await linesOf(tx.db, [order.id]))
    await fulfilmentOf(tx, line.purpose).restored?.(tx, { order, line });
};

/** A bank may have given the money back meanwhile, a part of it is enough; or another refund ends the access as well. */
const hasEndedOtherwise = async (tx: Tx, { id, status }: Order): Promise<boolean> => {
  const [row] = await tx.db.query<{ hasEnded: boolean }[]>(
    `SELECT EXISTS (SELECT FROM dispute WHERE order_id = $1 AND status = 'lost') OR EXISTS (
       SELECT FROM refund WHERE order_id = $1 AND origin = 'order' AND status <> 'failed' AND ends_access) AS "hasEnded"`,
    [id],
  );
  return status !== 'paid' || row?.hasEnded === true;
};
