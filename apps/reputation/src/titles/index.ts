import { featureMembers } from './feature-members.job';
import {
  CommunityTitlesResolver,
  MemberTitlesResolver,
  TitleMutationsResolver,
} from './title.resolver';

export const titles = {
  resolvers: [TitleMutationsResolver, MemberTitlesResolver, CommunityTitlesResolver],
  jobs: [featureMembers],
} as const;
