import {
  CommunityContestsResolver,
  ContestEntryResolver,
  ContestResolver,
} from './contest.resolver';
import { ContestMutationsResolver } from './contest-mutations.resolver';
import { recordPrizes } from './record-prizes.consumer';
import { runContests } from './run-contests.job';

export const contests = {
  resolvers: [
    ContestResolver,
    ContestEntryResolver,
    CommunityContestsResolver,
    ContestMutationsResolver,
  ],
  consumers: [recordPrizes],
  jobs: [runContests],
} as const;
