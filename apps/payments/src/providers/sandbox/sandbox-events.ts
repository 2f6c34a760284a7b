import { newId } from '@lyceum/contracts';
import { defineJob, enqueue, type Deps } from '@lyceum/platform';
import { z } from 'zod';
import { receiveWebhook } from '../../webhooks/receive-webhook';
import { signedHeaders } from '../standard-webhook';
import { sandboxFee, sandboxName, type SandboxEvent, type SandboxPayment } from './sandbox-payment';

const paymentData = ({ paymentId, amount }: SandboxPayment): Record<string, string> => ({
  paymentId,
  amountMinor: amount.amountMinor.toString(),
  currency: amount.currency,
});

const event = (type: string, data: Record<string, string>): SandboxEvent => ({
  id: `evt-${newId()}`,
  type,
  data,
});

/** What the sandbox can say. */
export const eventOf = {
  settled: (payment: SandboxPayment) =>
    event('payment.settled', {
      ...paymentData(payment),
      feeMinor: sandboxFee(payment.amount).amountMinor.toString(),
    }),
  declined: (payment: SandboxPayment) => event('payment.declined', paymentData(payment)),
  canceled: (payment: SandboxPayment) => event('payment.canceled', paymentData(payment)),
  refunded: (refundId: string) => event('refund.settled', { refundId }),
  dispute: (payment: SandboxPayment, status: 'open' | 'won' | 'lost') =>
    event(`dispute.${status}`, { ...paymentData(payment), disputeId: `dsp-${payment.paymentId}` }),
};

/** The secret that the sandbox signs with: one an installation, made with its tables. */
export const sandboxSecret = async (deps: Deps): Promise<string> => {
  const [row] = await deps.dataSource.query<{ secret: string }[]>(
    'SELECT secret FROM sandbox_secret',
  );
  if (row === undefined) throw new Error('the sandbox has lost its secret');
  return row.secret;
};

/** Remembers events to be sent, in this order; a job sends them when they are due. */
export const queueEvents = async (
  deps: Deps,
  events: readonly SandboxEvent[],
  delayMs = 0,
): Promise<void> => {
  const dueAt = new Date(deps.now().getTime() + delayMs);
  for (const { id, ...rest } of events)
    await deps.dataSource.query(
      'INSERT INTO sandbox_delivery (event_id, body, due_at) VALUES ($1, $2, $3)',
      [id, JSON.stringify({ id, ...rest }), dueAt],
    );
  await enqueue(deps, deliverSandboxEvents, {
    input: {},
    ...(delayMs > 0 ? { delayMs } : {}),
  }).catch((error: unknown) => deps.log.warn({ err: error }, 'sandbox.not-queued'));
};

/** Sends what is due, signed, through the very door that every provider's webhooks come in by. */
export const deliverDue = async (deps: Deps): Promise<void> => {
  const secret = await sandboxSecret(deps);
  for (;;) {
    const now = deps.now();
    const [[next]] = await deps.dataSource.query<[{ eventId: string; body: string }[], number]>(
      `UPDATE sandbox_delivery SET sent_at = $1
       WHERE id = (SELECT id FROM sandbox_delivery WHERE sent_at IS NULL AND due_at <= $1
                   ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING event_id AS "eventId", body`,
      [now],
    );
    if (next === undefined) return;
    const message = {
      id: next.eventId,
      timestampSeconds: Math.floor(now.getTime() / 1000),
      body: next.body,
    };
    const headers = signedHeaders(secret, message);
    await receiveWebhook(deps, sandboxName, { rawBody: next.body, headers, now });
  }
};

export const deliverSandboxEvents = defineJob({
  name: 'payments.deliver-sandbox-events',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 20_000,
  concurrency: 1,
  everyMs: 5_000,
  hasOwnQueue: true,
  run: ({ deps }) => deliverDue(deps),
});
