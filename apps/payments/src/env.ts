import { parseEnv } from '@lyceum/platform';
import { z } from 'zod';

const names = ['sandbox'] as const;
export type ProviderName = (typeof names)[number];

const list = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .pipe(z.array(z.enum(names)).min(1));

/** What payments reads of the environment besides what every service reads. */
export const paymentsSettings = z.object({
  /** In the order in which they are offered; the first is the default. Without this the sandbox alone. */
  PAYMENT_PROVIDERS: list.default(['sandbox']),
  /** The platform's own address, which real providers return buyers to and deliver at. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
});
export type PaymentsEnv = z.infer<typeof paymentsSettings>;

export const paymentsEnv = (): PaymentsEnv => parseEnv(paymentsSettings);
