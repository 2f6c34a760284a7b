import { LockedSuggestionResolver, PaywallResolver } from './paywall.resolver';
import { recordEntitlement } from './record-entitlement.consumer';
import { recordTrial } from './record-trial.consumer';

export const paywall = {
  resolvers: [PaywallResolver, LockedSuggestionResolver],
  consumers: [recordEntitlement, recordTrial],
};
