import { newId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { kitOf } from '../kit';
import type { PaymentProvider } from '../providers/provider';
import { OrderIsClosed, OrderNotFound } from './order.errors';
import { linesOf, lockOrder, type OrderId } from './order.type';
import { lockPayment, selectPayments, type Payment } from './payment.type';

export interface PaymentStart {
  readonly orderId: OrderId;
  readonly provider: PaymentProvider;
  /** A path of the platform to which the buyer returns. */
  readonly returnPath: string | null;
  readonly payer?: string | null;
  /** Whether the buyer agreed that what it is paid with is kept. */
  readonly savesMethod?: boolean;
}

/**
 * Lets an order that was placed and committed be paid: asks the provider for a payment, over the network and so outside
 * of any transaction. Again for the same order and provider it is the same payment. Throws ProviderUnavailable.
 */
export const startPayment = async (
  ctx: Ctx,
  { orderId, provider, returnPath, payer = null, savesMethod: isAgreed = false }: PaymentStart,
): Promise<Payment | OrderNotFound | OrderIsClosed> => {
  const savesMethod = isAgreed && provider.capabilities.savedMethods?.whilePaying === true;
  const opened = await openPayment(ctx, { orderId, provider: provider.name, savesMethod });
  if (!('payment' in opened)) return opened;
  const { payment, title, expiresAt } = opened;
  if (payment.paymentUrl !== null) return payment;
  const base = kitOf(ctx).publicUrl ?? '';
  const started = await provider.startPayment({
    paymentId: payment.id,
    orderId,
    amount: payment.amount,
    title,
    returnUrl: `${base}${returnPath ?? '/'}`,
    notifyUrl: `${base}/webhooks/${provider.name}`,
    expiresAt,
    payer,
    savesMethod,
  });
  return recordStart(ctx, { paymentId: payment.id, ...started });
};

interface Opened {
  readonly payment: Payment;
  readonly title: string;
  readonly expiresAt: Date;
}

const openPayment = useCase(
  async (
    tx,
    {
      orderId,
      provider,
      savesMethod,
    }: { orderId: OrderId; provider: string; savesMethod: boolean },
  ): Promise<Opened | OrderNotFound | OrderIsClosed> => {
    const order = await lockOrder(tx.db, orderId);
    if (order === null) return new OrderNotFound();
    if (order.status !== 'awaiting-payment' || order.expiresAt <= tx.now)
      return new OrderIsClosed();
    const lines = await linesOf(tx.db, [orderId]);
    const of = { title: lines.map(({ title }) => title).join(', '), expiresAt: order.expiresAt };
    // A page that was opened without the buyer's consent is not one that keeps something, nor the other way round.
    const open = `order_id = $1 AND provider = $2 AND saves_method = $3 AND status IN ('created', 'pending', 'declined')`;
    const [known] = await selectPayments(tx.db, open, [orderId, provider, savesMethod]);
    if (known !== undefined) return { payment: known, ...of };

    const id = newId<'Payment'>();
    await tx.db.query(
      `INSERT INTO payment (id, order_id, provider, status, amount_minor, currency, saves_method, created_at)
       VALUES ($1, $2, $3, 'created', $4, $5, $6, $7)`,
      [id, orderId, provider, order.totalMinor.toString(), order.currency, savesMethod, tx.now],
    );
    const payment = await lockPayment(tx.db, id);
    return payment === null ? new OrderNotFound() : { payment, ...of };
  },
);

interface Start {
  readonly paymentId: string;
  readonly providerRef: string;
  readonly paymentUrl: string;
}

/** Its buyer may have been faster than we: a payment that is settled by now stays so. */
const recordStart = useCase(
  async (tx, { paymentId, providerRef, paymentUrl }: Start): Promise<Payment | OrderNotFound> => {
    await tx.db.query(
      `UPDATE payment SET provider_ref = $2, payment_url = $3,
         status = CASE status WHEN 'created' THEN 'pending' ELSE status END
       WHERE id = $1`,
      [paymentId, providerRef, paymentUrl],
    );
    return (await lockPayment(tx.db, paymentId)) ?? new OrderNotFound();
  },
);
