import { agreeWithProviders } from './agree-with-providers.job';
import {
  PaymentMethodNotFound,
  ProviderKeepsNoMethods,
  SetupFailed,
} from './manage-payment-methods';
import { PaymentMethodResolver } from './payment-method.resolver';

export const paymentMethods = {
  resolvers: [PaymentMethodResolver],
  types: [PaymentMethodNotFound, ProviderKeepsNoMethods, SetupFailed],
  jobs: [agreeWithProviders],
};
