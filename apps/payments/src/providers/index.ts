import type { Deps } from '@lyceum/platform';
import type { PaymentsEnv, ProviderName } from '../env';
import type { PaymentProvider } from './provider';
import { deliverSandboxEvents } from './sandbox/sandbox-events';
import { createSandbox } from './sandbox/sandbox-provider';

const factories: Readonly<Record<ProviderName, (deps: Deps, env: PaymentsEnv) => PaymentProvider>> =
  {
    sandbox: createSandbox,
  };

/** The providers that the settings name, ready to be used. */
export const openProviders = (deps: Deps, env: PaymentsEnv): ReadonlyMap<string, PaymentProvider> =>
  new Map(env.PAYMENT_PROVIDERS.map((name) => [name, factories[name](deps, env)]));

export const providers = { jobs: [deliverSandboxEvents] };
