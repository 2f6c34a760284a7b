import type { AnyJob, Consumer } from '@lyceum/platform';
import {
  BadgeAwardResolver,
  CommunityBadgesResolver,
  MemberBadgesResolver,
} from './badges/badge.resolver';
import { awards } from './awards';
import { contests } from './contests';
import { FairPlayResolver } from './fair-play/fair-play.resolver';
import { inspectVotes } from './fair-play/inspect-votes.job';
import {
  CommunityGiftsResolver,
  GiftMutationsResolver,
  GiftRedemptionResolver,
  MemberGiftsResolver,
} from './gifts/gift.resolver';
import { BoardSettingsResolver } from './leaderboard/board-settings';
import { StandingResolver } from './leaderboard/standing.resolver';
import {
  CommunityPrivilegesResolver,
  MemberPrivilegesResolver,
} from './privileges/privilege.resolver';
import { settlePrivileges } from './privileges/settle-privileges';
import { recordReferrals } from './referrals/record-referrals.consumer';
import { CommunityReferrersResolver, MemberReferralsResolver } from './referrals/referral.resolver';
import { applyRules } from './rule-sets/apply-rules.consumer';
import { RuleSetsResolver } from './rule-sets/rule-sets.resolver';
import { simulateRules } from './simulator/simulate-rules.job';
import { RuleSetSimulationResolver, SimulationResolver } from './simulator/simulation.resolver';
import { settleStanding } from './standing/settle-standing.consumer';
import { StreakResolver } from './streaks/streak.resolver';
import { thanks } from './thanks';
import { titles } from './titles';
import { settleTrust } from './trust/settle-trust.job';
import { CommunityTrustResolver, TrustResolver } from './trust/trust.resolver';

/** What the slices about incentives add to the app, besides points and boards themselves. */
export const incentives = {
  resolvers: [
    RuleSetsResolver,
    SimulationResolver,
    RuleSetSimulationResolver,
    StandingResolver,
    BoardSettingsResolver,
    MemberBadgesResolver,
    BadgeAwardResolver,
    CommunityBadgesResolver,
    GiftMutationsResolver,
    GiftRedemptionResolver,
    CommunityGiftsResolver,
    MemberGiftsResolver,
    FairPlayResolver,
    CommunityPrivilegesResolver,
    MemberPrivilegesResolver,
    MemberReferralsResolver,
    CommunityReferrersResolver,
    TrustResolver,
    CommunityTrustResolver,
    StreakResolver,
    ...awards.resolvers,
    ...contests.resolvers,
    ...thanks.resolvers,
    ...titles.resolvers,
  ],
  consumers: [
    applyRules,
    recordReferrals,
    settleStanding,
    ...contests.consumers,
  ] satisfies readonly Consumer[],
  jobs: [
    simulateRules,
    inspectVotes,
    settlePrivileges,
    settleTrust,
    ...awards.jobs,
    ...contests.jobs,
    ...titles.jobs,
  ] satisfies readonly AnyJob[],
} as const;
