import {
  AwardProgramResolver,
  AwardResolver,
  CommunityAwardsResolver,
  MemberAwardsResolver,
} from './award.resolver';
import { proposeAwards } from './propose-awards.job';

export const awards = {
  resolvers: [AwardResolver, AwardProgramResolver, CommunityAwardsResolver, MemberAwardsResolver],
  jobs: [proposeAwards],
} as const;
