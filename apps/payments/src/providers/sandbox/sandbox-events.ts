import { newId } from '@lyceum/contracts';
import { defineJob, enqueue, type Deps } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { receiveWebhook } from '../../webhooks/receive-webhook';
import { signedHeaders } from '../standard-webhook';
import {
  sandboxFee,
  sandboxName,
  type Behaviour,
  type SandboxEvent,
  type SandboxPayment,
} from './sandbox-payment';

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
  settled: (payment: SandboxPayment, behaviour: Behaviour = 'ok') => {
    const method: Record<string, string> = payment.savesMethod
      ? { methodToken: `${behaviour}-${payment.ref}` }
      : {};
    if (payment.isSetup) return event('setup.settled', { setupId: payment.paymentId, ...method });
    const feeMinor = sandboxFee(payment.amount).amountMinor.toString();
    return event('payment.settled', { ...paymentData(payment), feeMinor, ...method });
  },
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

/** Remembers events to be sent, in this order, with what they tell of: a crash leaves both or neither. */
export const queueEvents = async (
  db: EntityManager,
  events: readonly SandboxEvent[],
  dueAt: Date,
): Promise<void> => {
  for (const { id, ...rest } of events)
    await db.query('INSERT INTO sandbox_delivery (event_id, body, due_at) VALUES ($1, $2, $3)', [
      id,
      JSON.stringify({ id, ...rest }),
      dueAt,
    ]);
};

/** Has the job send what is due then; should the queue be away, its clock does. */
export const wakeDelivery = (deps: Deps, delayMs = 0): Promise<void> =>
  enqueue(deps, deliverSandboxEvents, {
    input: {},
    ...(delayMs > 0 ? { delayMs } : {}),
  }).catch((error: unknown) => deps.log.warn({ err: error }, 'sandbox.not-queued'));

interface WaitingDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly body: string;
}

/**
 * Sends what is due, or what is due of these events, signed, through the very door that every provider's webhooks come
 * in by. Sent is what was taken: after a crash in between it is sent again, as a provider does.
 */
export const deliverDue = async (deps: Deps, eventIds?: readonly string[]): Promise<void> => {
  const secret = await sandboxSecret(deps);
  for (;;) {
    const now = deps.now();
    const due = await deps.dataSource.query<WaitingDelivery[]>(
      `SELECT id, event_id AS "eventId", body FROM sandbox_delivery
       WHERE sent_at IS NULL AND due_at <= $1 AND ($2::text[] IS NULL OR event_id = ANY($2))
       ORDER BY due_at, id LIMIT 100`,
      [now, eventIds ?? null],
    );
    if (due.length === 0) return;
    for (const { id, eventId, body } of due) {
      const timestampSeconds = Math.floor(now.getTime() / 1000);
      const headers = signedHeaders(secret, { id: eventId, timestampSeconds, body });
      await receiveWebhook(deps, sandboxName, { rawBody: body, headers, now });
      await deps.dataSource.query('UPDATE sandbox_delivery SET sent_at = $2 WHERE id = $1', [
        id,
        now,
      ]);
    }
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
