import { InvalidReference, PayoutIsDecided, PayoutNotFound } from './decide-payout';
import { CommunityPayoutResolver, PayoutResolver } from './payout.resolver';
import { InvalidPayout, NotCleared, NothingEarned } from './request-payout';

export const payouts = {
  resolvers: [PayoutResolver, CommunityPayoutResolver],
  types: [
    NothingEarned,
    InvalidPayout,
    NotCleared,
    PayoutNotFound,
    PayoutIsDecided,
    InvalidReference,
  ],
};
