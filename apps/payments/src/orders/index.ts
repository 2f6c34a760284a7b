import type { ReferenceResolver } from '@lyceum/platform';
import { CheckoutSession } from './checkout';
import { AmountNotTaken } from './chosen-amount';
import { expireOrders } from './expire-orders.job';
import { forgetCommands } from './forget-commands.job';
import {
  AlreadyOwned,
  InvalidCheckout,
  KeyReused,
  OrderIsClosed,
  OrderNotFound,
  PriceIsRecurring,
  ProviderFailed,
  ProviderUnknown,
  SoldOut,
} from './order.errors';
import { visibleOrder } from './order.queries';
import { CommunityOrdersResolver, OrderLineResolver, OrderResolver } from './order.resolver';

const references: Readonly<Record<string, ReferenceResolver>> = {
  Order: ({ id }, ctx) => visibleOrder(ctx, id),
};

export const orders = {
  resolvers: [OrderResolver, OrderLineResolver, CommunityOrdersResolver],
  types: [
    CheckoutSession,
    AlreadyOwned,
    AmountNotTaken,
    InvalidCheckout,
    KeyReused,
    OrderIsClosed,
    OrderNotFound,
    PriceIsRecurring,
    ProviderFailed,
    ProviderUnknown,
    SoldOut,
  ],
  references,
  jobs: [expireOrders, forgetCommands],
};
