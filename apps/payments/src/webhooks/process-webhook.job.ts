import { defineJob, useCase, type Ctx } from '@lyceum/platform';
import { z } from 'zod';
import { applyNotice } from './apply-notice';
import { noticeFromJson } from './notice-json';

interface Row {
  readonly id: string;
  readonly provider: string;
  readonly notice: unknown;
  readonly attempts: number;
}

const maxAttempts = 40;
const firstDelayMs = 1_000;
const maxDelayMs = 3_600_000;

/** After the first attempts it waits longer and longer: what it needs may arrive hours later, or never. */
export const retryDelayMs = (attempts: number): number =>
  Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(attempts, 20));

/**
 * Does what a stored delivery says, once: its row is locked, and what it changes is in the same transaction. What it
 * is about may be told of later (`waits`); what nobody can act on is kept as failed, for an operator to see.
 */
export const processStored = useCase(async (tx, webhookId: string): Promise<string> => {
  const [row] = await tx.db.query<Row[]>(
    `SELECT id, provider, notice, attempts FROM provider_webhook
     WHERE id = $1 AND status = 'received' FOR UPDATE SKIP LOCKED`,
    [webhookId],
  );
  if (row === undefined) return 'done';
  const notice = noticeFromJson(row.notice);
  const result = await applyNotice(tx, row.provider, notice);
  const isWaiting = result.outcome === 'waits' && row.attempts + 1 < maxAttempts;
  await tx.db.query(
    `UPDATE provider_webhook SET attempts = attempts + 1, status = $2, processed_at = $3, next_attempt_at = $4, problem = $5
     WHERE id = $1`,
    [
      row.id,
      isWaiting ? 'received' : result.outcome === 'waits' ? 'failed' : result.outcome,
      isWaiting ? null : tx.now,
      new Date(tx.now.getTime() + retryDelayMs(row.attempts)),
      result.problem ?? null,
    ],
  );
  // What waited for this payment is tried again at once.
  if (result.outcome === 'processed')
    await tx.db.query(
      `UPDATE provider_webhook SET next_attempt_at = $2
       WHERE provider = $1 AND status = 'received' AND attempts > 0 AND next_attempt_at > $2`,
      [row.provider, tx.now],
    );
  return result.outcome;
});

export const processWebhook = defineJob({
  name: 'payments.process-webhook',
  input: z.object({ webhookId: z.uuid() }),
  attempts: 5,
  timeoutMs: 20_000,
  concurrency: 8,
  run: async ({ ctx }, { webhookId }) => {
    const outcome = await processStored(ctx, webhookId);
    if (outcome === 'failed') ctx.log.error({ webhookId }, 'webhook.failed');
    if (outcome === 'processed') await sweepDue(ctx);
  },
});

/** Every delivery that is due: those whose job was lost, and those that wait for something. */
export const sweepDue = async (ctx: Ctx): Promise<void> => {
  const due = await ctx.db.query<{ id: string }[]>(
    `SELECT id FROM provider_webhook WHERE status = 'received' AND next_attempt_at <= $1 AND
       (attempts > 0 OR received_at < $1::timestamptz - interval '2 seconds')
     ORDER BY received_at, id LIMIT 200`,
    [ctx.deps.now()],
  );
  for (const { id } of due) await processStored(ctx, id);
};

export const sweepWebhooks = defineJob({
  name: 'payments.sweep-webhooks',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 5_000,
  run: ({ ctx }) => sweepDue(ctx),
});
