import assert from 'node:assert/strict';
import { DisputeChanged, newId, OrderRefunded, type Id, type PayloadOf } from '@lyceum/contracts';
import { isZero, money, type Currency, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { kitOf } from '../kit';
import { moveMoney, providerOwner } from '../ledger/move-money';
import { countRevenue } from '../orders/count-revenue';
import { fulfilmentOf } from '../orders/fulfil-order';
import { linesOf, lockOrder, type Order } from '../orders/order.type';
import { selectPayments, type Payment } from '../orders/payment.type';
import type { Notice } from '../providers/provider';
import { leftOfOrder } from '../refunds/left-of-order';
import { bookFee, feeIn, feeOfDispute } from './dispute-fee';
import { movementsBack, takeFrom, takenFromJson, takenToJson, type Taking } from '../refunds/taken';
import { tellEndpoints } from '../webhooks-out/tell';
import { canMove, type StateOf } from '../state-machines';

export type DisputeId = Id<'Dispute'>;
type DisputeNotice = Extract<Notice, { disputeRef: string }>;

interface DisputeRow {
  readonly id: DisputeId;
  readonly status: StateOf<'dispute'>;
  readonly currency: Currency;
  readonly taken: readonly Taking[];
  readonly fee: Money | null;
}

const statusOf = {
  'dispute-opened': 'open',
  'dispute-won': 'won',
  'dispute-lost': 'lost',
} as const satisfies Record<DisputeNotice['kind'], StateOf<'dispute'>>;

interface Outcome {
  readonly outcome: 'processed' | 'ignored' | 'waits';
  readonly problem?: string;
}

/**
 * A buyer demands a payment back of the bank, or that was decided. While it is open the money is frozen and what it
 * bought is withheld. Lost: the money is gone, and whoever spent theirs already owes it, to be settled from later
 * income. Won: everything is as before. A decision may arrive before the opening it belongs to.
 */
export const applyDispute = async (
  tx: Tx,
  provider: string,
  notice: DisputeNotice,
): Promise<Outcome> => {
  const payment = await disputedPayment(tx, provider, notice);
  if (payment?.status !== 'settled')
    return { outcome: 'waits', problem: 'no such settled payment' };
  const order = await lockOrder(tx.db, payment.orderId);
  assert(order !== null, 'a payment has an order');
  const status = statusOf[notice.kind];
  const known = await lockDispute(tx, provider, notice.disputeRef);
  if (known !== null && !canMove('dispute', known.status, status)) return { outcome: 'ignored' };

  const dispute = known ?? (await writeDispute(tx, { order, payment, notice, status }));
  if (known === null && status !== 'won') await freeze(tx, order, dispute);
  if (known !== null) await decide(tx, known, status);
  if (known !== null && status === 'won') await release(tx, order, dispute);
  if (status === 'lost') await lose(tx, order, { dispute, payment });
  const stated = { status, stated: notice.fee ?? null, before: dispute.fee };
  const fee = feeOfDispute(tx, provider, stated);
  await bookFee(tx, { id: dispute.id, provider, status, fee });
  const changed: PayloadOf<typeof DisputeChanged> = {
    disputeId: dispute.id,
    orderId: order.id,
    communityId: order.communityId,
    status,
    version: known === null ? 1 : 2,
  };
  await tx.emit(DisputeChanged, changed);
  await tellEndpoints(tx, [
    { communityId: order.communityId, type: 'dispute.changed', objectId: order.id, data: changed },
  ]);
  return { outcome: 'processed' };
};

const disputedPayment = async (
  tx: Tx,
  provider: string,
  { paymentId, chargeRef }: DisputeNotice,
): Promise<Payment | undefined> => {
  const [payment] = await selectPayments(
    tx.db,
    'provider = $1 AND (id::text = $2 OR charge_ref = $3)',
    [provider, paymentId, chargeRef],
  );
  return payment;
};

const lockDispute = async (tx: Tx, provider: string, ref: string): Promise<DisputeRow | null> => {
  type Row = Omit<DisputeRow, 'taken' | 'fee'> & Parameters<typeof feeIn>[0] & { taken: unknown };
  const [row] = await tx.db.query<Row[]>(
    `SELECT id, status, currency, taken, fee_minor AS "feeMinor", fee_currency AS "feeCurrency"
     FROM dispute WHERE provider = $1 AND provider_ref = $2 FOR UPDATE`,
    [provider, ref],
  );
  return row === undefined
    ? null
    : { ...row, taken: takenFromJson(row.taken, row.currency), fee: feeIn(row) };
};

interface NewDispute {
  readonly order: Order;
  readonly payment: Payment;
  readonly notice: DisputeNotice;
  readonly status: StateOf<'dispute'>;
}

const writeDispute = async (
  tx: Tx,
  { order, payment, notice, status }: NewDispute,
): Promise<DisputeRow> => {
  const taken = status === 'won' ? [] : await disputedParts(tx, order, { payment, notice });
  const id = newId<'Dispute'>();
  await tx.db.query(
    `INSERT INTO dispute (id, order_id, payment_id, provider, provider_ref, status, amount_minor, currency, taken,
       reason, opened_at, decided_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      id,
      order.id,
      payment.id,
      payment.provider,
      notice.disputeRef,
      status,
      notice.amount.amountMinor.toString(),
      order.currency,
      takenToJson(taken),
      notice.reason.slice(0, 200),
      tx.now,
      status === 'open' ? null : tx.now,
    ],
  );
  return { id, status, currency: order.currency, taken, fee: null };
};

/** At most what has not gone back already. */
const disputedParts = async (
  tx: Tx,
  order: Order,
  { payment, notice }: { payment: Payment; notice: DisputeNotice },
): Promise<readonly Taking[]> => {
  const { feeOnRefund = 'kept' } = kitOf(tx).providers.get(payment.provider)?.capabilities ?? {};
  const left = await leftOfOrder(tx.db, order, { payment, capabilities: { feeOnRefund } });
  const most = left.reduce((total, part) => total + part.amount.amountMinor, 0n);
  const asked = notice.amount.currency === order.currency ? notice.amount.amountMinor : most;
  const amountMinor = asked < most ? asked : most;
  return amountMinor <= 0n ? [] : takeFrom(left, money(amountMinor, order.currency));
};

const totalOf = ({ taken, currency }: DisputeRow): Money =>
  money(
    taken.reduce((total, part) => total + part.amount.amountMinor, 0n),
    currency,
  );

const minus = ({ amountMinor, currency }: Money): Money => money(-amountMinor, currency);

const freeze = async (tx: Tx, order: Order, dispute: DisputeRow): Promise<void> => {
  await moveMoney(tx, {
    key: `dispute:${dispute.id}`,
    kind: 'dispute',
    movements: [
      ...movementsBack(dispute.taken),
      { code: 'disputes', ownerId: dispute.id, amount: totalOf(dispute) },
    ],
  });
  await setFrozen(tx, order, true);
};

const decide = (tx: Tx, { id }: DisputeRow, status: StateOf<'dispute'>): Promise<unknown> =>
  tx.db.query(
    'UPDATE dispute SET status = $2, decided_at = $3, version = version + 1 WHERE id = $1',
    [id, status, tx.now],
  );

const release = async (tx: Tx, order: Order, dispute: DisputeRow): Promise<void> => {
  await moveMoney(tx, {
    key: `dispute-won:${dispute.id}`,
    kind: 'dispute-won',
    movements: [
      { code: 'disputes', ownerId: dispute.id, amount: minus(totalOf(dispute)) },
      ...dispute.taken,
    ],
  });
  const others = await tx.db.query<unknown[]>(
    `SELECT FROM dispute WHERE order_id = $1 AND status = 'open' LIMIT 1`,
    [order.id],
  );
  if (others.length === 0 && order.status === 'paid') await setFrozen(tx, order, false);
};

const lose = async (
  tx: Tx,
  order: Order,
  { dispute, payment }: { dispute: DisputeRow; payment: Payment },
): Promise<void> => {
  const amount = totalOf(dispute);
  // All of it had gone back before; what the buyer was left with ends all the same.
  if (isZero(amount)) return endAccess(tx, order, false);
  const ownerId = providerOwner(payment.provider);
  await moveMoney(tx, {
    key: `dispute-lost:${dispute.id}`,
    kind: 'dispute-lost',
    movements: [
      { code: 'disputes', ownerId: dispute.id, amount: minus(amount) },
      { code: 'provider-balance', ownerId, amount },
    ],
  });
  await countRevenue(tx, { orderId: order.id, sourceId: dispute.id, kind: 'dispute', amount });
  order.refundedMinor += amount.amountMinor;
  const isFull = order.refundedMinor >= order.totalMinor;
  await tx.db.query(
    `UPDATE sales_order SET refunded_minor = $2, status = CASE WHEN $3 AND status = 'paid' THEN 'charged-back' ELSE status END
     WHERE id = $1`,
    [order.id, order.refundedMinor.toString(), isFull],
  );
  await endAccess(tx, order, isFull);
  await tx.emit(OrderRefunded, {
    orderId: order.id,
    communityId: order.communityId,
    buyerId: order.buyerId,
    sourceType: 'dispute',
    sourceId: dispute.id,
    amountMinor: amount.amountMinor.toString(),
    refundedMinor: order.refundedMinor.toString(),
    currency: order.currency,
    isFull,
  });
};

const endAccess = async (tx: Tx, order: Order, isFull: boolean): Promise<void> => {
  for (const line of await linesOf(tx.db, [order.id]))
    await fulfilmentOf(tx, line.purpose).refunded?.(tx, {
      order,
      line,
      amount: line.amount,
      isFull,
      endsAccess: true,
    });
};

const setFrozen = async (tx: Tx, order: Order, isFrozen: boolean): Promise<void> => {
  for (const line of await linesOf(tx.db, [order.id]))
    await fulfilmentOf(tx, line.purpose).frozen?.(tx, { order, line, isFrozen });
};
