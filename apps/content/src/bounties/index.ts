import { BountyResolver, QuestionBountyResolver } from './bounty.resolver';
import { endBounties } from './end-bounties.job';

export const bounties = {
  resolvers: [BountyResolver, QuestionBountyResolver],
  jobs: [endBounties],
};
