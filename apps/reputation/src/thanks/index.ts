import { CommunityThanksResolver, MemberThanksResolver, ThanksResolver } from './thanks.resolver';

export const thanks = {
  resolvers: [ThanksResolver, MemberThanksResolver, CommunityThanksResolver],
} as const;
