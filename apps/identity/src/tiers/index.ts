import { refreshFacts } from './refresh-facts.job';
import { TierResolver } from './tier.resolver';

export const tiers = { resolvers: [TierResolver], jobs: [refreshFacts] };
