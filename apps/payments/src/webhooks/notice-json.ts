import { money, parseCurrency, type Money } from '@lyceum/money';
import { z } from 'zod';
import type { Notice } from '../providers/provider';

const amount = z
  .object({ amountMinor: z.string().regex(/^-?\d{1,30}$/), currency: z.string() })
  .transform(({ amountMinor, currency }, context): Money => {
    const known = parseCurrency(currency);
    if (known !== null) return money(BigInt(amountMinor), known);
    context.addIssue(`${currency} is no currency`);
    return z.NEVER;
  });

const method = z.object({ token: z.string() });

const notice = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('payment-settled'),
    paymentId: z.string(),
    chargeRef: z.string().nullable(),
    amount,
    fee: amount.nullable(),
    method: method.nullish(),
  }),
  z.object({ kind: z.literal('method-saved'), setupId: z.string(), method }),
  z.object({ kind: z.literal('method-ended'), token: z.string() }),
  z.object({ kind: z.enum(['payment-declined', 'payment-canceled']), paymentId: z.string() }),
  z.object({ kind: z.enum(['refund-settled', 'refund-failed']), refundId: z.string() }),
  z.object({
    kind: z.enum(['dispute-opened', 'dispute-won', 'dispute-lost']),
    disputeRef: z.string(),
    paymentId: z.string().nullable(),
    chargeRef: z.string().nullable(),
    amount,
    reason: z.string(),
    fee: amount.nullish(),
  }),
  z.object({ kind: z.literal('ignored') }),
]);

/** A notice as it waits in its row; the inverse of `noticeFromJson`. */
export const noticeToJson = (value: Notice): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));

export const noticeFromJson = (json: unknown): Notice => notice.parse(json);
