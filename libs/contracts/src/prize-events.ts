import { z } from 'zod';
import { defineEvent, type EventType } from './event';
import { id } from './ids';
import type { Destination } from './routes';

/*
 * Contests, awards, thanks and titles, and what they give. Reputation decides who wins; where money is won, payments holds the pool and
 * pays, and neither trusts the other's sums: what was promised is told with each close, and checked with each prize.
 */

const version = z.int().positive();
const pool = {
  poolId: z.string(),
  communityId: id<'Community'>(),
  currency: z.string().regex(/^[A-Z]{3}$/),
};
const minorUnits = z.string().regex(/^\d+$/);

export const ContestChanged = defineEvent(
  'reputation.contest.changed.v1',
  'A contest was announced, opened, closed for judging, decided or called off.',
  {
    contestId: id<'Contest'>(),
    communityId: id<'Community'>(),
    kind: z.enum(['content', 'coding', 'quiz']),
    title: z.string(),
    status: z.enum(['draft', 'open', 'judging', 'decided', 'cancelled']),
    version,
  },
);

export const PrizePoolChanged = defineEvent(
  'reputation.prize-pool.changed.v1',
  'Money can be paid into a pool for prizes; or it is closed, and what was not promised goes back.',
  {
    ...pool,
    title: z.string(),
    isOpen: z.boolean(),
    /** The sum of all its prizes, in minor units: what stays for them when it is closed. */
    promisedMinor: minorUnits,
    version,
  },
);

export const PrizePoolFunded = defineEvent(
  'payments.prize-pool.funded.v1',
  'So much was paid into a pool for prizes by now, after fees; the number only grows.',
  { ...pool, fundedMinor: minorUnits, version },
);

export const PrizeAwarded = defineEvent(
  'reputation.prize.awarded.v1',
  'A member has won a prize: points, which it has by then, or money of a pool.',
  {
    prizeId: id<'Prize'>(),
    communityId: id<'Community'>(),
    memberId: id<'Member'>(),
    sourceType: z.enum(['contest', 'award']),
    sourceId: z.string(),
    /** What it was won for, for a person. */
    title: z.string(),
    points: z.int().positive().nullable(),
    money: z
      .object({ poolId: z.string(), amountMinor: minorUnits, currency: pool.currency })
      .nullable(),
  },
);

export const PrizePaid = defineEvent(
  'payments.prize.paid.v1',
  'A prize of money is with the earnings of its winner.',
  { prizeId: id<'Prize'>(), memberId: id<'Member'>(), poolId: z.string() },
);

export const ThanksGiven = defineEvent(
  'reputation.thanks.given.v1',
  'A member thanked another for a post.',
  {
    thanksId: id<'Thanks'>(),
    communityId: id<'Community'>(),
    giverId: id<'Member'>(),
    receiverId: id<'Member'>(),
    subjectType: z.enum(['question', 'answer', 'comment', 'article']),
    subjectId: z.string(),
  },
);

export const ThanksRemoved = defineEvent(
  'reputation.thanks.removed.v1',
  'A note of thanks was taken out, by who gave it or by the staff.',
  {
    thanksId: id<'Thanks'>(),
    communityId: id<'Community'>(),
    giverId: id<'Member'>(),
    receiverId: id<'Member'>(),
  },
);

export const TitleGranted = defineEvent(
  'reputation.title.granted.v1',
  'A member was given a title by hand.',
  {
    grantId: id<'TitleGrant'>(),
    communityId: id<'Community'>(),
    memberId: id<'Member'>(),
    title: z.string(),
    reason: z.string(),
    endsAt: z.iso.datetime().nullable(),
  },
);

export const TitleRevoked = defineEvent(
  'reputation.title.revoked.v1',
  'A title that was given by hand was taken away.',
  {
    grantId: id<'TitleGrant'>(),
    communityId: id<'Community'>(),
    memberId: id<'Member'>(),
    title: z.string(),
    reason: z.string(),
  },
);

export const MemberFeatured = defineEvent(
  'reputation.member.featured.v1',
  'A member is the featured one of a community, for what it did in a week.',
  {
    communityId: id<'Community'>(),
    memberId: id<'Member'>(),
    /** Its Monday in UTC, `YYYY-MM-DD`. */
    week: z.string(),
    reason: z.string(),
  },
);

/** Who hears what of these. */
export const prizeRoutes: readonly (readonly [EventType, readonly Destination[]])[] = [
  [ContestChanged, []],
  [PrizePoolChanged, ['payments']],
  [PrizePoolFunded, ['reputation-incentives']],
  [PrizeAwarded, ['payments']],
  [PrizePaid, ['reputation-incentives']],
  [ThanksGiven, []],
  [ThanksRemoved, []],
  [TitleGranted, []],
  [TitleRevoked, []],
  [MemberFeatured, []],
];
