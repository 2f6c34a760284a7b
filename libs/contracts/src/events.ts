import { z } from 'zod';
import { defineEvent } from './event';
import { id } from './ids';
import { roles } from './rights';

/*
 * Every fact one domain tells another. A fact about a thing that can change carries the thing's id
 * and a `version` that grows with each change, so that a consumer can order what arrives unordered.
 * `earnsPoints: false` marks activity on posts the community owns ("wiki"): it counts as activity only.
 */

const version = z.int().positive();
const memberOrUnknown = id<'Member'>().nullable();
const postType = z.enum(['question', 'answer', 'comment', 'article']);
export type PostType = z.infer<typeof postType>;

export const AccountRegistered = defineEvent(
  'identity.account.registered.v1',
  'A person made an account.',
  {
    accountId: id<'Account'>(),
    handle: z.string(),
  },
);

export const CommunityCreated = defineEvent(
  'identity.community.created.v1',
  'A community was founded.',
  {
    communityId: id<'Community'>(),
    slug: z.string(),
    name: z.string(),
    /** A private community's content is there for its active members only; until CommunityChanged. Absent means public. */
    visibility: z.enum(['public', 'private']).optional(),
    /** IANA name; days of engagement metrics are this zone's days. */
    timeZone: z.string(),
    /** The incentive rules it starts with: a preset and the values of its parameters. */
    rules: z.object({ preset: z.string(), parameters: z.record(z.string(), z.number()) }),
  },
);

export const MemberJoined = defineEvent(
  'identity.member.joined.v1',
  'An account became a member of a community.',
  {
    memberId: id<'Member'>(),
    accountId: id<'Account'>(),
    communityId: id<'Community'>(),
  },
);

export const MembershipChanged = defineEvent(
  'identity.membership.changed.v1',
  "A membership's role or status is now this; sent on joining too.",
  {
    memberId: id<'Member'>(),
    accountId: id<'Account'>(),
    communityId: id<'Community'>(),
    role: z.enum(roles),
    status: z.enum(['active', 'left', 'banned']),
    version,
  },
);

export const QuestionAsked = defineEvent(
  'content.question.asked.v1',
  'A member asked a question.',
  {
    communityId: id<'Community'>(),
    questionId: id<'Question'>(),
    authorId: memberOrUnknown,
    /** The names of its tags when it was asked; absent where the producer did not tell. */
    tags: z.array(z.string()).optional(),
  },
);

export const AnswerPosted = defineEvent(
  'content.answer.posted.v1',
  'A member answered a question.',
  {
    communityId: id<'Community'>(),
    questionId: id<'Question'>(),
    answerId: id<'Answer'>(),
    authorId: memberOrUnknown,
  },
);

export const CommentPosted = defineEvent(
  'content.comment.posted.v1',
  'A member commented on a post.',
  {
    communityId: id<'Community'>(),
    commentId: id<'Comment'>(),
    targetType: postType,
    targetId: z.string(),
    authorId: memberOrUnknown,
  },
);

export const ArticlePublished = defineEvent(
  'content.article.published.v1',
  'A member published an article.',
  {
    communityId: id<'Community'>(),
    articleId: id<'Article'>(),
    authorId: memberOrUnknown,
  },
);

export const VoteRecorded = defineEvent(
  'content.vote.recorded.v1',
  "A vote is now +1, -1 or withdrawn (0). `voterId` is null when the source doesn't tell who voted.",
  {
    communityId: id<'Community'>(),
    voteId: id<'Vote'>(),
    version,
    value: z.union([z.literal(1), z.literal(0), z.literal(-1)]),
    targetType: postType,
    targetId: z.string(),
    targetAuthorId: memberOrUnknown,
    voterId: memberOrUnknown,
    /** How many days old the voter's account was, and whether its address was verified; absent where unknown. */
    voterAgeDays: z.int().nonnegative().optional(),
    voterIsVerified: z.boolean().optional(),
    earnsPoints: z.boolean(),
  },
);

export const AcceptanceRecorded = defineEvent(
  'content.acceptance.recorded.v1',
  'The accepted answer of a question is now this one, or none.',
  {
    communityId: id<'Community'>(),
    questionId: id<'Question'>(),
    version,
    answerId: id<'Answer'>().nullable(),
    answerAuthorId: memberOrUnknown,
    askerId: memberOrUnknown,
    earnsPoints: z.boolean(),
  },
);

export const FavouriteRecorded = defineEvent(
  'content.favourite.recorded.v1',
  'A member did or no longer does follow a question.',
  {
    communityId: id<'Community'>(),
    questionId: id<'Question'>(),
    memberId: id<'Member'>(),
    version,
    isFavourite: z.boolean(),
  },
);

export const BountyOffered = defineEvent(
  'content.bounty.offered.v1',
  'A member put points on a question.',
  {
    communityId: id<'Community'>(),
    bountyId: id<'Bounty'>(),
    questionId: id<'Question'>(),
    offererId: memberOrUnknown,
    amount: z.int().positive(),
  },
);

export const BountyAwarded = defineEvent(
  'content.bounty.awarded.v1',
  'A bounty went to an answer: `amount` is what its author receives (half of it when nobody chose).',
  {
    communityId: id<'Community'>(),
    bountyId: id<'Bounty'>(),
    answerId: id<'Answer'>(),
    recipientId: memberOrUnknown,
    amount: z.int().positive(),
  },
);

export const EditApproved = defineEvent(
  'content.edit.approved.v1',
  "A member's suggested edit was approved.",
  {
    communityId: id<'Community'>(),
    editId: z.string(),
    /** A tag when it was the tag's description that was edited. */
    targetType: z.enum([...postType.options, 'tag']),
    targetId: z.string(),
    editorId: id<'Member'>(),
    earnsPoints: z.boolean(),
  },
);

export const ActivityRecorded = defineEvent(
  'reputation.activity.recorded.v1',
  'Activities were logged and their points are in force; the days they fall on need new roll-ups.',
  {
    communityId: id<'Community'>(),
    /** UTC instants of the first and last activity of the batch, ISO-8601. */
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    /** UTC days with activity, `YYYY-MM-DD`. */
    days: z.array(z.string()),
    lastActivityId: id<'Event'>(),
  },
);

const currencyCode = z.string().regex(/^[A-Z]{3}$/);
/** Whole minor units in decimal digits: JSON has no integers that are large enough. */
const minorUnits = z.string().regex(/^-?\d+$/);

export const OrderPaid = defineEvent(
  'payments.order.paid.v1',
  'An order was paid in full, or was free; what it entitles to is told by itself.',
  {
    orderId: id<'Order'>(),
    communityId: id<'Community'>(),
    buyerId: id<'Account'>(),
    buyerMemberId: memberOrUnknown,
    /** Purposes of its lines: `product`, `tip` … */
    purposes: z.array(z.string()),
    productIds: z.array(id<'Product'>()),
    totalMinor: minorUnits,
    currency: currencyCode,
    /** Who brought the buyer and has something of it; null or absent for nobody. */
    referrerId: memberOrUnknown.optional(),
  },
);

export const ReferralRefused = defineEvent(
  'payments.referral.refused.v1',
  'A buyer who was brought by somebody paid as that somebody would: the order counts for nobody.',
  {
    orderId: id<'Order'>(),
    communityId: id<'Community'>(),
    buyerMemberId: id<'Member'>(),
    referrerId: id<'Member'>(),
    because: z.enum(['same-payment-method']),
  },
);

export const OrderRefunded = defineEvent(
  'payments.order.refunded.v1',
  'Money of an order went back to its buyer: by a refund, or by a dispute that was lost.',
  {
    orderId: id<'Order'>(),
    communityId: id<'Community'>(),
    buyerId: id<'Account'>(),
    /** What the amount belongs to: the refund or the dispute. */
    sourceType: z.enum(['refund', 'dispute']),
    sourceId: z.string(),
    amountMinor: minorUnits,
    refundedMinor: minorUnits,
    currency: currencyCode,
    isFull: z.boolean(),
  },
);

export const DisputeChanged = defineEvent(
  'payments.dispute.changed.v1',
  'A buyer disputes a payment, or the dispute was decided.',
  {
    disputeId: id<'Dispute'>(),
    orderId: id<'Order'>(),
    communityId: id<'Community'>(),
    status: z.enum(['open', 'won', 'lost']),
    version,
  },
);

export const EntitlementChanged = defineEvent(
  'payments.entitlement.changed.v1',
  'What an account may use, from when to when; suspended while a dispute lasts, revoked for good.',
  {
    entitlementId: id<'Entitlement'>(),
    accountId: id<'Account'>(),
    communityId: id<'Community'>(),
    productId: id<'Product'>(),
    /** Who sells it; absent where the producer did not tell. */
    sellerId: memberOrUnknown.optional(),
    /** What it opens: one article or course, or all that is paid in the community. */
    grants: z.array(z.object({ type: z.enum(['article', 'course', 'community']), id: z.string() })),
    status: z.enum(['active', 'suspended', 'revoked']),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime().nullable(),
    version,
  },
);

export const ArticleAccessChanged = defineEvent(
  'content.article.access-changed.v1',
  'An article is now for those who paid, or free for all.',
  {
    articleId: id<'Article'>(),
    communityId: id<'Community'>(),
    authorId: memberOrUnknown,
    isPaid: z.boolean(),
    version,
  },
);

export const RatingRecorded = defineEvent(
  'content.rating.recorded.v1',
  'What a member thinks of an article or a product is now this, 1 to 5; 0 is taken back.',
  {
    communityId: id<'Community'>(),
    ratingId: id<'Rating'>(),
    version,
    subjectType: z.enum(['article', 'product']),
    subjectId: z.string(),
    /** Who wrote or sells it. */
    ownerId: memberOrUnknown,
    raterId: id<'Member'>(),
    value: z.int().min(0).max(5),
  },
);

export const BehaviourReported = defineEvent(
  'reputation.behaviour.reported.v1',
  'Clients told what people viewed, read, shared or clicked; it is logged, and not counted yet.',
  { communityId: id<'Community'>() },
);

export const ViewsCounted = defineEvent(
  'reputation.views.counted.v1',
  'So many views of a post count by now, ever; the number only grows.',
  {
    communityId: id<'Community'>(),
    subjectType: postType,
    subjectId: z.string(),
    /** Views here: those that an import brought along are not among them. */
    views: z.int().positive(),
  },
);

export const AlertChanged = defineEvent(
  'reputation.alert.changed.v1',
  'An alert on a metric began, or is over.',
  {
    communityId: id<'Community'>(),
    ruleId: z.string(),
    /** Who set it, and is told of it. */
    createdBy: id<'Account'>().optional(),
    name: z.string(),
    metric: z.string(),
    isFiring: z.boolean(),
    /** Null where the metric is not defined. */
    value: z.number().nullable(),
    /** With the numbers, for a person. */
    reason: z.string(),
  },
);
