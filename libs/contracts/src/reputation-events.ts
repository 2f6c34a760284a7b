import { z } from 'zod';
import { defineEvent, type EventType } from './event';
import { id } from './ids';
import type { Destination } from './routes';

/*
 * What the reputation subgraph decides on its own, besides computing: facts about incentives, for others and
 * for its own workers.
 */

const version = z.int().positive();

export const RulesActivated = defineEvent(
  'reputation.rules.activated.v1',
  "A version of a community's incentive rules judges from a day on; days that have passed are computed anew.",
  {
    communityId: id<'Community'>(),
    version,
    /** The first UTC day, `YYYY-MM-DD`. */
    activeFrom: z.string(),
    name: z.string(),
    reason: z.string(),
    /** The earlier version that it brings back, if it does. */
    restores: version.nullable(),
    activatedBy: id<'Member'>(),
  },
);

const badge = {
  communityId: id<'Community'>(),
  memberId: id<'Member'>(),
  /** The badge's name in the community's rules. */
  badge: z.string(),
  subjectType: z.string().nullable(),
  subjectId: z.string().nullable(),
};

export const BadgeAwarded = defineEvent(
  'reputation.badge.awarded.v1',
  'A member has earned a badge, or has one more cause for a badge that it has.',
  badge,
);

export const BadgeRevoked = defineEvent(
  'reputation.badge.revoked.v1',
  'What a member has earned a badge for was undone.',
  badge,
);

export const GiftRedemptionChanged = defineEvent(
  'reputation.gift-redemption.changed.v1',
  'A member took a gift for points, or it was decided on: to be sent, refused, cancelled or sent.',
  {
    redemptionId: id<'GiftRedemption'>(),
    communityId: id<'Community'>(),
    giftId: id<'Gift'>(),
    memberId: id<'Member'>(),
    /** In points. */
    price: z.int().nonnegative(),
    status: z.enum(['requested', 'approved', 'fulfilled', 'refused', 'cancelled']),
    version,
  },
);

export const VotesVoided = defineEvent(
  'reputation.votes.voided.v1',
  'Votes were found to be about the member, not about the posts, and count no more; or they count again.',
  {
    communityId: id<'Community'>(),
    /** `vote:<id>` of each. */
    keys: z.array(z.string()),
    areVoid: z.boolean(),
  },
);

export const PrivilegesChanged = defineEvent(
  'reputation.privileges.changed.v1',
  'What a member may not do yet for lack of points is now this; who was never told of may do everything.',
  {
    communityId: id<'Community'>(),
    memberId: id<'Member'>(),
    /** Names of privileges, as in the rules: `downvote`. */
    withheld: z.array(z.string()),
    /** Those that rules gate and the member has by its points: some let members do what else only moderators may. */
    held: z.array(z.string()).optional(),
    version,
  },
);

export const TrustChanged = defineEvent(
  'reputation.trust.changed.v1',
  'How far a member is trusted, by what it reads and does, is now this: 0 to 3.',
  {
    communityId: id<'Community'>(),
    memberId: id<'Member'>(),
    level: z.int().nonnegative(),
  },
);

export const PointsGranted = defineEvent(
  'reputation.points.granted.v1',
  'A decision gives a member points, or takes a stake: with the highest version, so many; 0 takes it back.',
  {
    communityId: id<'Community'>(),
    memberId: id<'Member'>(),
    for: z.enum(['contest', 'contest-stake', 'award']),
    sourceId: z.string(),
    points: z.int(),
    version,
  },
);

export const AuthorWeightChanged = defineEvent(
  'reputation.author-weight.changed.v1',
  'What an author weighs in lists, by its level, is now this; who was never told of weighs 100.',
  {
    communityId: id<'Community'>(),
    memberId: id<'Member'>(),
    /** Percent. */
    weight: z.int().positive(),
    version,
  },
);

export const ReferralJudged = defineEvent(
  'reputation.referral.judged.v1',
  'What somebody whom a member brought did counts for that member by so much, or, with weight 0, no more.',
  {
    communityId: id<'Community'>(),
    inviteUseId: z.string(),
    step: z.enum(['activated', 'purchased']),
    inviterId: id<'Member'>(),
    inviteeId: id<'Member'>(),
    /** Percent: what refunds have left of a purchase. */
    weight: z.int().min(0).max(100),
    version,
  },
);

/** Who hears what of these. */
export const reputationRoutes: readonly (readonly [EventType, readonly Destination[]])[] = [
  [RulesActivated, ['reputation-incentives']],
  [BadgeAwarded, []],
  [BadgeRevoked, []],
  [GiftRedemptionChanged, []],
  [VotesVoided, []],
  [PrivilegesChanged, ['content']],
  [TrustChanged, []],
  [PointsGranted, ['reputation-incentives']],
  [AuthorWeightChanged, ['content']],
  [ReferralJudged, ['reputation-incentives']],
];
