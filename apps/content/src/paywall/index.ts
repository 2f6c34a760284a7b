import { LockedSuggestionResolver, PaywallResolver } from './paywall.resolver';
import { recordEntitlement } from './record-entitlement.consumer';

export const paywall = {
  resolvers: [PaywallResolver, LockedSuggestionResolver],
  consumers: [recordEntitlement],
};
