import { money } from '@lyceum/money';
import { defineJob, useCase, type Ctx } from '@lyceum/platform';
import { z } from 'zod';
import { kitOf } from '../kit';
import { applyNotice } from '../webhooks/apply-notice';
import type { PaymentProvider, RefundAnswer } from '../providers/provider';
import { finishRefund, refundColumns, type RefundRow } from './finish-refund';

interface DueRefund extends RefundRow {
  readonly paymentRef: string | null;
  readonly chargeRef: string | null;
  readonly paidMinor: string;
}

const firstDelayMs = 5_000;
const maxDelayMs = 6 * 3_600_000;

/**
 * Asks the provider to pay a refund out, with the refund's own id as its number: a retry is the same refund. One that
 * was accepted and not heard of is asked about.
 */
export const sendRefund = defineJob({
  name: 'payments.send-refund',
  input: z.object({ refundId: z.uuid() }),
  attempts: 1, // the sweep tries again, later and later
  timeoutMs: 30_000,
  concurrency: 4,
  run: ({ ctx }, { refundId }) => send(ctx, refundId),
});

export const sweepRefunds = defineJob({
  name: 'payments.sweep-refunds',
  input: z.object({}),
  attempts: 1,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 10_000,
  run: async ({ ctx }) => {
    const due = await ctx.db.query<{ id: string }[]>(
      `SELECT id FROM refund WHERE status IN ('requested', 'pending') AND next_attempt_at <= $1
       ORDER BY next_attempt_at LIMIT 50`,
      [ctx.deps.now()],
    );
    for (const { id } of due) await send(ctx, id);
  },
});

const send = async (ctx: Ctx, refundId: string): Promise<void> => {
  const refund = await takeUp(ctx, refundId);
  if (refund === null) return;
  const provider = kitOf(ctx).providers.get(refund.provider);
  if (provider === undefined) {
    ctx.log.error({ refundId, provider: refund.provider }, 'refund.no-provider');
    return;
  }
  try {
    if (refund.status === 'pending') await ask(ctx, provider, refund);
    else await recordAnswer(ctx, { refund, answer: await provider.refund(orderOf(refund)) });
  } catch (error) {
    ctx.log.warn({ err: error, refundId, attempts: refund.attempts }, 'refund.not-sent');
  }
};

/** Says when it is tried again before it is tried: one that dies half way is not tried in a loop. */
const takeUp = useCase(async (tx, refundId: string): Promise<DueRefund | null> => {
  const [refund] = await tx.db.query<DueRefund[]>(
    `SELECT ${refundColumns}, payment.provider_ref AS "paymentRef", payment.charge_ref AS "chargeRef",
       payment.amount_minor AS "paidMinor"
     FROM refund JOIN payment ON payment.id = refund.payment_id
     WHERE refund.id = $1 AND refund.status IN ('requested', 'pending') FOR UPDATE OF refund SKIP LOCKED`,
    [refundId],
  );
  if (refund === undefined) return null;
  const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(refund.attempts, 20));
  await tx.db.query(
    'UPDATE refund SET attempts = attempts + 1, next_attempt_at = $2 WHERE id = $1',
    [refundId, new Date(tx.now.getTime() + delayMs)],
  );
  return refund;
});

const orderOf = (refund: DueRefund) => ({
  refundId: refund.id,
  paymentId: refund.paymentId,
  providerRef: refund.paymentRef ?? '',
  chargeRef: refund.chargeRef,
  amount: money(BigInt(refund.amountMinor), refund.currency),
  total: money(BigInt(refund.paidMinor), refund.currency),
  reason: refund.reason,
});

const recordAnswer = useCase(
  async (tx, { refund, answer }: { refund: DueRefund; answer: RefundAnswer }): Promise<void> => {
    const { id: refundId } = refund;
    if (answer.status === 'failed') {
      await finishRefund(tx, { refundId, status: 'failed', problem: answer.reason });
      return;
    }
    const { status, providerRef } = answer;
    if (status === 'settled') await finishRefund(tx, { refundId, status, providerRef });
    else
      await tx.db.query(
        `UPDATE refund SET provider_ref = $2, status = CASE status WHEN 'requested' THEN 'pending' ELSE status END
         WHERE id = $1`,
        [refundId, providerRef],
      );
  },
);

const ask = async (ctx: Ctx, provider: PaymentProvider, refund: DueRefund): Promise<void> => {
  const notice = await provider.findRefund({
    refundId: refund.id,
    paymentId: refund.paymentId,
    providerRef: refund.providerRef,
  });
  if (notice !== null) await apply(ctx, { provider: provider.name, notice });
};

const apply = useCase(
  async (
    tx,
    { provider, notice }: { provider: string; notice: Parameters<typeof applyNotice>[2] },
  ) => {
    await applyNotice(tx, provider, notice);
  },
);
