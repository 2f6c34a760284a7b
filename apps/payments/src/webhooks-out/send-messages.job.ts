import { defineJob, useCase, type Ctx } from '@lyceum/platform';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { signedHeaders } from '../providers/standard-webhook';
import { isPublicUrl, lookupOutside } from './public-address';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
/** How long to wait after each attempt that failed; after the last one it is given up. */
export const pausesMs = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
] as const;
export const maxAttempts = pausesMs.length + 1;

const timeoutMs = 10_000;
const batch = 50;

export interface DueDelivery {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly messageId: string;
  readonly body: string;
  readonly attempts: number;
}

/** Sends one message, and answers the HTTP status; throws when nobody answers. */
export type Send = (delivery: DueDelivery, headers: Record<string, string>) => Promise<number>;

const outside = new Agent({ connect: { lookup: lookupOutside, timeout: timeoutMs } });

/** To public addresses alone; a redirection is an answer like any other, and no success. */
export const sendOutside: Send = async ({ url, body }, headers) => {
  if (!isPublicUrl(url)) throw new Error('not a public address');
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Lyceum-Webhooks', ...headers },
    body,
    dispatcher: outside,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  await answer.body.dump({ limit: 64 * 1024 });
  return answer.statusCode;
};

/**
 * Takes up what is due: of the messages about one object only the first that is not delivered, so that they arrive in
 * order. The next attempt is set before this one is made: a process that dies half way sends again, later.
 */
const takeUp = useCase(async (tx): Promise<readonly DueDelivery[]> => {
  const due = await tx.db.query<DueDelivery[]>(
    `SELECT delivery.id, delivery.attempts, endpoint.url, endpoint.secret, message.id AS "messageId", message.body
     FROM webhook_delivery AS delivery
       JOIN webhook_endpoint AS endpoint ON endpoint.id = delivery.endpoint_id AND endpoint.removed_at IS NULL
       JOIN webhook_message AS message ON message.position = delivery.position
     WHERE delivery.status = 'pending' AND delivery.next_attempt_at <= $1
       AND NOT EXISTS (SELECT FROM webhook_delivery AS earlier
         WHERE earlier.endpoint_id = delivery.endpoint_id AND earlier.object_id = delivery.object_id
           AND earlier.position < delivery.position AND earlier.status = 'pending')
     ORDER BY delivery.position LIMIT $2 FOR UPDATE OF delivery SKIP LOCKED`,
    [tx.now, batch],
  );
  for (const { id, attempts } of due) {
    const pauseMs = pausesMs[attempts] ?? 0;
    await tx.db.query(
      'UPDATE webhook_delivery SET attempts = attempts + 1, next_attempt_at = $2 WHERE id = $1',
      [id, new Date(tx.now.getTime() + Math.max(pauseMs, 2 * timeoutMs))],
    );
  }
  return due;
});

/** Sends everything that is due. Answers how many were delivered. */
export const sendDue = async (ctx: Ctx, send: Send = sendOutside): Promise<number> => {
  const due = await takeUp(ctx, undefined);
  const outcomes = await Promise.all(due.map((delivery) => deliver(ctx, delivery, send)));
  return outcomes.filter(Boolean).length;
};

const deliver = async (ctx: Ctx, delivery: DueDelivery, send: Send): Promise<boolean> => {
  const now = ctx.deps.now();
  const headers = signedHeaders(delivery.secret, {
    id: delivery.messageId, // the same at every attempt: a receiver knows it again
    timestampSeconds: Math.floor(now.getTime() / 1000),
    body: delivery.body,
  });
  const outcome = await send(delivery, headers).then(
    (status) => ({ status, problem: status < 300 ? null : `answered ${String(status)}` }),
    (error: unknown) => ({
      status: null,
      problem: error instanceof Error ? error.message : 'failed',
    }),
  );
  const isDelivered = outcome.problem === null;
  const isGivenUp = !isDelivered && delivery.attempts + 1 >= maxAttempts;
  const pauseMs = pausesMs[delivery.attempts] ?? 0;
  await ctx.db.query(
    `UPDATE webhook_delivery
     SET status = $2, last_status = $3, last_problem = $4, delivered_at = $5, next_attempt_at = $6 WHERE id = $1`,
    [
      delivery.id,
      isDelivered ? 'delivered' : isGivenUp ? 'failed' : 'pending',
      outcome.status,
      outcome.problem?.slice(0, 500) ?? null,
      isDelivered ? now : null,
      new Date(now.getTime() + pauseMs),
    ],
  );
  return isDelivered;
};

export const sendMessages = defineJob({
  name: 'payments.send-messages',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 2_000,
  run: async ({ ctx }) => {
    // As long as it helps: the second message about an object becomes due when the first is delivered.
    for (let round = 0; round < 20; round += 1) if ((await sendDue(ctx)) === 0) return;
  },
});
