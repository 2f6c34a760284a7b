import { PaymentSession } from '../income/start-order-payment';
import { advanceSubscriptions, chargeSubscriptions } from './jobs';
import * as errors from './subscription.errors';
import {
  CommunitySubscriptionResolver,
  SubscriptionMutations,
  SubscriptionResolver,
} from './subscription.resolver';

export const subscriptions = {
  resolvers: [SubscriptionResolver, SubscriptionMutations, CommunitySubscriptionResolver],
  types: [PaymentSession, ...Object.values(errors)],
  jobs: [advanceSubscriptions, chargeSubscriptions],
};
