import { z } from 'zod';
import { defineEvent } from './event';
import { id } from './ids';

/* Facts about communities, rights and privacy; see events.ts for the rest, and for what all events have in common. */

const version = z.int().positive();

export const CommunityArchived = defineEvent(
  'identity.community.archived.v1',
  'A community was put into the archive, where nothing can be written, or brought back.',
  { communityId: id<'Community'>(), version, isArchived: z.boolean() },
);

export const CommunityChanged = defineEvent(
  'identity.community.changed.v1',
  'Who sees what is in a community, or its time zone, is now this; the highest version is in force.',
  {
    communityId: id<'Community'>(),
    version,
    slug: z.string(),
    visibility: z.enum(['public', 'private']),
    /** IANA name; all days of engagement metrics are days of this zone, those that were counted before too. */
    timeZone: z.string(),
  },
);

export const CharterPublished = defineEvent(
  'identity.charter.published.v1',
  "A version of a community's goals and rules will be in force from a moment on; who writes must have accepted it.",
  { communityId: id<'Community'>(), version, inForceFrom: z.iso.datetime() },
);

export const CharterAccepted = defineEvent(
  'identity.charter.accepted.v1',
  "A member accepted a version of the community's goals and rules.",
  { communityId: id<'Community'>(), memberId: id<'Member'>(), version },
);

export const AccountVerified = defineEvent(
  'identity.account.verified.v1',
  "An account's address was found to be its person's; told again when the address changes.",
  { accountId: id<'Account'>() },
);

export const MemberReferred = defineEvent(
  'identity.member.referred.v1',
  'Somebody became a member by the invite of another; told once for each person, and never of who was a member before.',
  {
    communityId: id<'Community'>(),
    inviteUseId: z.string(),
    inviterId: id<'Member'>(),
    inviterAccountId: id<'Account'>(),
    inviteeId: id<'Member'>(),
    inviteeAccountId: id<'Account'>(),
  },
);

export const ReferralActivated = defineEvent(
  'identity.referral.activated.v1',
  'Somebody who came by an invite has become active; told once for each person invited.',
  {
    communityId: id<'Community'>(),
    inviteUseId: z.string(),
    inviterId: id<'Member'>(),
    inviteeId: id<'Member'>(),
  },
);

export const TrialStarted = defineEvent(
  'identity.trial.started.v1',
  'A person may use what members pay for until a moment, once a community.',
  {
    trialId: z.string(),
    communityId: id<'Community'>(),
    accountId: id<'Account'>(),
    memberId: id<'Member'>(),
    endsAt: z.iso.datetime(),
  },
);

export const TrialEnded = defineEvent('identity.trial.ended.v1', 'A trial is over.', {
  trialId: z.string(),
  communityId: id<'Community'>(),
  accountId: id<'Account'>(),
});

export const ConsentChanged = defineEvent(
  'identity.consent.changed.v1',
  'A person gave or withdrew consent to a purpose; the latest version is in force.',
  {
    accountId: id<'Account'>(),
    purpose: z.enum(['analytics', 'personalisation', 'profiling', 'marketing', 'cross-border']),
    isGiven: z.boolean(),
    version,
  },
);

export const ErasureRequested = defineEvent(
  'identity.erasure.requested.v1',
  'Everything held about a person is to be erased, but what the law wants kept; each part answers with a receipt.',
  {
    erasureId: z.string(),
    accountId: id<'Account'>(),
    memberIds: z.array(id<'Member'>()),
  },
);

export const PartErased = defineEvent(
  'privacy.part.erased.v1',
  'The receipt of one part of the system for an erasure: how many rows of which table.',
  {
    erasureId: z.string(),
    part: z.enum(['content', 'payments', 'reputation']),
    tables: z.array(z.object({ table: z.string(), rows: z.int() })),
  },
);
