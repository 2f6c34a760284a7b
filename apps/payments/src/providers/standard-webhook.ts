import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Signatures as the Standard Webhooks specification has them: the text "<id>.<seconds>.<body>", HMAC-SHA-256 with the
 * base64-decoded secret, in `webhook-signature` as "v1,<base64>"; several are separated by blanks, so that secrets
 * can be rotated. The sandbox signs with them, and so does Lyceum when it tells others.
 */

export interface SignedMessage {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

export const webhookHeaders = {
  id: 'webhook-id',
  at: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

const toleranceSeconds = 5 * 60;

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

/** One signature, `v1,…`. */
export const signMessage = (
  secret: string,
  { id, timestampSeconds, body }: SignedMessage,
): string =>
  `v1,${createHmac('sha256', keyOf(secret))
    .update(`${id}.${String(timestampSeconds)}.${body}`)
    .digest('base64')}`;

/** The headers of a signed message. */
export const signedHeaders = (secret: string, message: SignedMessage): Record<string, string> => ({
  [webhookHeaders.id]: message.id,
  [webhookHeaders.at]: String(message.timestampSeconds),
  [webhookHeaders.signature]: signMessage(secret, message),
});

/** Whether one of the signatures is good and the message is no older (or newer: clocks differ) than five minutes. */
export const isMessageSigned = (
  secret: string,
  delivery: {
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly rawBody: string;
    readonly now: Date;
  },
): boolean => {
  const { headers, rawBody, now } = delivery;
  const id = headers[webhookHeaders.id];
  const at = headers[webhookHeaders.at];
  if (id === undefined || at === undefined || !/^\d{1,12}$/.test(at)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(at)) > toleranceSeconds) return false;
  const good = Buffer.from(
    signMessage(secret, { id, timestampSeconds: Number(at), body: rawBody }),
  );
  return (headers[webhookHeaders.signature] ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature);
    return given.length === good.length && timingSafeEqual(given, good);
  });
};
