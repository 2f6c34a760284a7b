import { defineJob, useCase, type Ctx } from '@lyceum/platform';
import { z } from 'zod';
import { kitOf } from '../kit';
import type { Notice } from '../providers/provider';
import { applyNotice } from '../webhooks/apply-notice';
import { closeOrder } from './close-order';
import { lockOrder } from './order.type';
import { selectPayments, type Payment } from './payment.type';

/** Providers are asked about a payment when nothing was heard of it for this long. */
const silentMs = 2 * 60_000;

/**
 * Ends orders that were not paid in time. Before that, and while they wait, providers are asked what they know: a
 * delivery that was lost must not cost a buyer what was paid for.
 */
export const expireOrders = defineJob({
  name: 'payments.expire-orders',
  input: z.object({}),
  attempts: 1,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 15_000,
  run: async ({ ctx }) => {
    const now = ctx.deps.now();
    const silent = await selectPayments(
      ctx.db,
      `status IN ('created', 'pending', 'declined') AND created_at > $1::timestamptz - interval '3 days'
         AND coalesce(checked_at, created_at) <= $1::timestamptz - make_interval(secs => $2)
       ORDER BY created_at LIMIT 100`,
      [now, silentMs / 1000],
    );
    for (const payment of silent) await inquire(ctx, payment);
    const overdue = await ctx.db.query<{ id: string }[]>(
      `SELECT id FROM sales_order WHERE status = 'awaiting-payment' AND expires_at <= $1 ORDER BY expires_at LIMIT 200`,
      [now],
    );
    for (const { id } of overdue) await expire(ctx, id);
  },
});

const inquire = async (ctx: Ctx, payment: Payment): Promise<void> => {
  const provider = kitOf(ctx).providers.get(payment.provider);
  await ctx.db.query('UPDATE payment SET checked_at = $2 WHERE id = $1', [
    payment.id,
    ctx.deps.now(),
  ]);
  if (provider === undefined || payment.providerRef === null) return;
  const of = { paymentId: payment.id, providerRef: payment.providerRef };
  try {
    const notice = await provider.findPayment(of);
    if (notice !== null) await apply(ctx, { provider: provider.name, notice });
  } catch (error) {
    ctx.log.warn({ err: error, paymentId: payment.id }, 'payment.not-found-out');
  }
};

const apply = useCase(async (tx, { provider, notice }: { provider: string; notice: Notice }) => {
  await applyNotice(tx, provider, notice);
});

const expire = useCase(async (tx, id: string): Promise<void> => {
  const order = await lockOrder(tx.db, id);
  if (order?.status === 'awaiting-payment' && order.expiresAt <= tx.now)
    await closeOrder(tx, order);
});
