import { createHmac } from 'node:crypto';
import { newId } from '@lyceum/contracts';

/** A message of the sandbox that a payment is settled, as a provider in another process would send it. */
export const sandboxTells = (
  secret: string,
  { paymentId, totalMinor }: { readonly paymentId: string; readonly totalMinor: bigint },
): { readonly body: string; headers(): Record<string, string> } => {
  const id = `evt-${newId()}`;
  const body = JSON.stringify({
    id,
    type: 'payment.settled',
    data: {
      paymentId,
      amountMinor: totalMinor.toString(),
      currency: 'CNY',
      feeMinor: ((totalMinor * 60n) / 10_000n).toString(),
    },
  });
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return {
    body,
    // Signed anew for each attempt: an old signature is refused.
    headers: () => {
      const seconds = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`);
      return {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,${signature.digest('base64')}`,
      };
    },
  };
};
