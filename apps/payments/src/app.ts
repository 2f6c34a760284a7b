import {
  buildSubgraph,
  type App,
  type AnyJob,
  type Consumer,
  type Deps,
  type ReferenceResolver,
  type Subgraph,
  type WorkerGroup,
} from '@lyceum/platform';
import type { ClassType } from 'type-graphql';
import { bookings } from './bookings';
import { bookingFulfilment } from './bookings/booking.fulfilment';
import { campaigns } from './campaigns';
import { catalogue } from './catalogue';
import { commissions } from './commissions';
import { commissionFulfilment } from './commissions/commission.fulfilment';
import { communities } from './communities';
import { costs } from './costs';
import { coupons } from './coupons';
import { subscriptions } from './subscriptions';
import { subscriptionFulfilment } from './subscriptions/subscription.fulfilment';
import { ads } from './ads';
import { adFulfilment } from './ads/ad.fulfilment';
import { paymentMethods } from './payment-methods';
import { payouts } from './payouts';
import { seats } from './seats';
import { seatsFulfilment } from './seats/seats.fulfilment';
import { statements } from './statements';
import { tips } from './tips';
import { database } from './database';
import { disputes } from './disputes';
import { entitlements } from './entitlements';
import { paymentsEnv, type PaymentsEnv } from './env';
import { openKit } from './kit';
import { giftPurchases } from './gift-purchases';
import { giftFulfilment } from './gift-purchases/gift.fulfilment';
import { ledger } from './ledger';
import { orders } from './orders';
import { productFulfilment } from './orders/product.fulfilment';
import { prizes } from './prizes';
import { prizePoolFulfilment } from './prizes/prize-pool.fulfilment';
import { privacy } from './privacy';
import { openProviders, providers } from './providers';
import { sandboxRoutes } from './providers/sandbox/routes';
import { referrals } from './referrals';
import { refunds } from './refunds';
import { splits } from './splits';
import { sponsors } from './sponsors';
import { tipFulfilment } from './tips/tip.fulfilment';
import { webhooks } from './webhooks';
import { webhooksOut } from './webhooks-out';
import { webhookRoutes } from './webhooks/routes';

export { database };
export { paymentsSettings, providerNeeds } from './env';
/** For benches. */
export { openAccount } from './ledger/accounts';
export { TransferBatcher } from './ledger/transfer-batcher';

/** What a slice adds to the app. */
interface Slice {
  readonly resolvers?: readonly ClassType[];
  readonly types?: readonly ClassType[];
  readonly references?: Readonly<Record<string, ReferenceResolver>>;
  readonly consumers?: readonly Consumer[];
  readonly jobs?: readonly AnyJob[];
}

const slices: readonly Slice[] = [
  communities,
  ledger,
  catalogue,
  splits,
  costs,
  coupons,
  campaigns,
  orders,
  entitlements,
  providers,
  webhooks,
  webhooksOut,
  referrals,
  refunds,
  disputes,
  privacy,
  subscriptions,
  paymentMethods,
  sponsors,
  ads,
  payouts,
  prizes,
  statements,
  tips,
  bookings,
  seats,
  giftPurchases,
  commissions,
];

/** What becomes of paid lines, by their purpose. */
const fulfilments = {
  product: productFulfilment,
  subscription: subscriptionFulfilment,
  tip: tipFulfilment,
  'ad-placement': adFulfilment,
  'prize-pool': prizePoolFulfilment,
  booking: bookingFulfilment,
  seats: seatsFulfilment,
  gift: giftFulfilment,
  commission: commissionFulfilment,
};

const open = (deps: Deps, env: PaymentsEnv): void => {
  openKit(deps, {
    providers: openProviders(deps, env),
    fulfilments,
    publicUrl: env.PUBLIC_URL ?? null,
  });
};

/** What a community sells, and the money it makes: the composition root of payments. Without `deps`, its schema alone. */
export const createApp = (deps?: Deps, env: PaymentsEnv = paymentsEnv()): App => {
  if (deps !== undefined) open(deps, env);
  return appOf(deps);
};

const appOf = (deps: Deps | undefined): App => ({
  schema: buildSubgraph({
    resolvers: slices.flatMap(({ resolvers = [] }) => resolvers),
    types: slices.flatMap(({ types = [] }) => types),
    references: Object.assign({}, ...slices.map(({ references }) => references)) as Record<
      string,
      ReferenceResolver
    >,
  }),
  consumers: slices.flatMap(({ consumers = [] }) => consumers),
  jobs: slices.flatMap(({ jobs = [] }) => jobs),
  routes: (server) => {
    if (deps === undefined) return;
    webhookRoutes(server, deps);
    sandboxRoutes(server, deps);
  },
});

export const workerGroups: Readonly<Record<string, WorkerGroup>> = {
  payments: { isPrimary: true, destinations: ['payments'] },
};

export const payments: Subgraph = { name: 'payments', database, createApp, workerGroups };
