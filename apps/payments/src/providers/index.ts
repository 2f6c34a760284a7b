import type { Deps } from '@lyceum/platform';
import type { PaymentsEnv, ProviderName } from '../env';
import { createAlipay } from './alipay/alipay-provider';
import type { PaymentProvider } from './provider';
import { deliverSandboxEvents } from './sandbox/sandbox-events';
import { createSandbox } from './sandbox/sandbox-provider';
import type * as StripeProvider from './stripe/stripe-provider';
import { createWechatPay } from './wechatpay/wechat-provider';

type Factory = (deps: Deps, env: PaymentsEnv) => PaymentProvider;

/** Loaded where it is used: the SDK has two hundred files, and most installations start without it. */
const stripeProvider = (): typeof StripeProvider =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- `import()` would make this a promise
  require('./stripe/stripe-provider') as typeof StripeProvider;

// The environment was parsed: what a provider that is named needs is there.
const factories: Readonly<Record<ProviderName, Factory>> = {
  sandbox: createSandbox,
  stripe: ({ now }, env) =>
    stripeProvider().createStripe(
      {
        secretKey: env.STRIPE_SECRET_KEY ?? '',
        webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? '',
        apiUrl: env.STRIPE_API_URL,
      },
      now,
    ),
  alipay: (_deps, env) =>
    createAlipay({
      appId: env.ALIPAY_APP_ID ?? '',
      privateKey: env.ALIPAY_PRIVATE_KEY ?? '',
      alipayPublicKey: env.ALIPAY_PUBLIC_KEY ?? '',
      keyType:
        env.ALIPAY_PRIVATE_KEY?.includes('BEGIN RSA PRIVATE KEY') === true ? 'PKCS1' : 'PKCS8',
      gateway: env.ALIPAY_GATEWAY,
      agreements:
        env.ALIPAY_AGREEMENT_SCENE === undefined
          ? undefined
          : { scene: env.ALIPAY_AGREEMENT_SCENE, largestCharge: env.ALIPAY_AGREEMENT_LIMIT },
    }),
  wechatpay: ({ now }, env) =>
    createWechatPay(
      {
        appId: env.WECHATPAY_APP_ID ?? '',
        merchantId: env.WECHATPAY_MERCHANT_ID ?? '',
        serial: env.WECHATPAY_SERIAL ?? '',
        privateKey: env.WECHATPAY_PRIVATE_KEY ?? '',
        apiV3Key: env.WECHATPAY_API_V3_KEY ?? '',
        platformKeys: new Map(Object.entries(env.WECHATPAY_PLATFORM_KEYS ?? {})),
        apiUrl: env.WECHATPAY_API_URL,
      },
      now,
    ),
};

/** The providers that the settings name, ready to be used. */
export const openProviders = (deps: Deps, env: PaymentsEnv): ReadonlyMap<string, PaymentProvider> =>
  new Map(env.PAYMENT_PROVIDERS.map((name) => [name, factories[name](deps, env)]));

export const providers = { jobs: [deliverSandboxEvents] };
