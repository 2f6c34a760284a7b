import type { Currency } from '@lyceum/money';
import { kitOf } from '../kit';
import type { PaymentProvider } from './provider';

export const takesCurrency = (
  { capabilities: { currencies } }: PaymentProvider,
  currency: Currency,
): boolean => currencies === null || currencies.includes(currency);

/** The provider of that name, or by default the first one, that takes the currency; null when there is none. */
export const providerFor = (
  at: Parameters<typeof kitOf>[0],
  currency: Currency,
  name: string | null | undefined,
): PaymentProvider | null => {
  const { providers } = kitOf(at);
  const named = name == null ? [...providers.values()] : [providers.get(name)];
  return (
    named.find((provider) => provider !== undefined && takesCurrency(provider, currency)) ?? null
  );
};
