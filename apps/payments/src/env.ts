import { parseEnv } from '@lyceum/platform';
import { z } from 'zod';

const names = ['sandbox', 'stripe', 'alipay', 'wechatpay'] as const;
export type ProviderName = (typeof names)[number];

const list = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .pipe(z.array(z.enum(names)).min(1));

/** PEM texts in one line, as environments have them: `\n` for a line's end. */
const pem = z.string().transform((text) => text.replaceAll('\\n', '\n'));

const settings = z.object({
  /** In the order in which they are offered; the first is the default. Without this the sandbox alone. */
  PAYMENT_PROVIDERS: list.default(['sandbox']),
  /** The platform's own address, which real providers return buyers to and deliver at. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),

  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  STRIPE_API_URL: z.url().optional(),

  ALIPAY_APP_ID: z.string().optional(),
  ALIPAY_PRIVATE_KEY: pem.optional(),
  ALIPAY_PUBLIC_KEY: pem.optional(),
  ALIPAY_GATEWAY: z.url().optional(),
  /** As the contract for periodic deduction has it; without it nothing is kept to be charged again. */
  ALIPAY_AGREEMENT_SCENE: z.string().optional(),
  /** What one such charge may be at most, in CNY. */
  ALIPAY_AGREEMENT_LIMIT: z
    .string()
    .regex(/^[1-9]\d{0,6}\.\d{2}$/)
    .default('1000.00'),

  WECHATPAY_APP_ID: z.string().optional(),
  WECHATPAY_MERCHANT_ID: z.string().optional(),
  WECHATPAY_SERIAL: z.string().optional(),
  WECHATPAY_PRIVATE_KEY: pem.optional(),
  WECHATPAY_API_V3_KEY: z.string().length(32).optional(),
  /** A JSON object: serial numbers or key ids of the platform's keys, and their PEM texts. */
  WECHATPAY_PLATFORM_KEYS: z
    .string()
    .transform((text, context): Record<string, string> => {
      try {
        return z.record(z.string(), pem).parse(JSON.parse(text));
      } catch {
        context.addIssue('a JSON object of PEM texts');
        return z.NEVER;
      }
    })
    .optional(),
  WECHATPAY_API_URL: z.url().default('https://api.mch.weixin.qq.com'),
});
type Settings = z.infer<typeof settings>;

/** What a provider cannot do without. */
export const providerNeeds: Readonly<Record<ProviderName, readonly (keyof Settings)[]>> = {
  sandbox: [],
  stripe: ['PUBLIC_URL', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
  alipay: ['PUBLIC_URL', 'ALIPAY_APP_ID', 'ALIPAY_PRIVATE_KEY', 'ALIPAY_PUBLIC_KEY'],
  wechatpay: [
    'PUBLIC_URL',
    'WECHATPAY_APP_ID',
    'WECHATPAY_MERCHANT_ID',
    'WECHATPAY_SERIAL',
    'WECHATPAY_PRIVATE_KEY',
    'WECHATPAY_API_V3_KEY',
    'WECHATPAY_PLATFORM_KEYS',
  ],
};

/** What payments reads of the environment besides what every service reads. */
export const paymentsSettings = settings.superRefine((env, context) => {
  for (const provider of env.PAYMENT_PROVIDERS)
    for (const name of providerNeeds[provider])
      if (env[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: `needed for ${provider}` });
});
export type PaymentsEnv = z.infer<typeof paymentsSettings>;

/** A variable that is there and empty is not set: that is how compose files leave one out. */
export const paymentsEnv = (env: NodeJS.ProcessEnv = process.env): PaymentsEnv =>
  parseEnv(
    paymentsSettings,
    Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
  );
