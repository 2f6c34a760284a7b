/*
 * Who may do what in a community: one matrix for all domains, as data. Each domain decides by `may`; what goes by
 * who wrote a thing, not by role, are policies beside the use cases. `docs/roles.md` shows this table, and a test
 * keeps the two equal.
 */

/** What a member can be in a community; one at a time. */
export const roles = [
  'owner',
  'admin',
  'moderator',
  'expert',
  'lecturer',
  'contributor',
  'analyst',
  'member',
] as const;
export type RoleName = (typeof roles)[number];

export const isRole = (text: string): text is RoleName =>
  (roles as readonly string[]).includes(text);

/** Those who keep order; leaderboards can leave them out. */
export const staffRoles: readonly RoleName[] = ['owner', 'admin', 'moderator'];

const governing: readonly RoleName[] = ['owner', 'admin'];
const trusted: readonly RoleName[] = [...staffRoles, 'expert', 'lecturer', 'contributor'];

interface Right {
  readonly says: string;
  readonly roles: readonly RoleName[];
}

const right = (says: string, holders: readonly RoleName[]): Right => ({ says, roles: holders });

/** Every action that goes by role, and the roles that may. */
export const rights = {
  'community.read-private': right('read a private or listed community', roles),
  'content.write': right('ask, answer, comment, publish, follow, vote', roles),
  'content.moderate': right(
    'edit what others wrote, decide on suggested edits, close questions for any reason and reopen them',
    staffRoles,
  ),
  'community.update': right('change names, texts, settings and topics', governing),
  'community.show': right('say who sees a community and what is in it', ['owner']),
  'community.archive': right('archive a community, and bring it back', ['owner']),
  'charter.publish': right('publish a version of goals and rules', governing),
  'members.add': right('add members', governing),
  'members.admit': right('decide on requests to join', staffRoles),
  'members.invite': right('make invite codes of a private or listed community', trusted),
  'invites.manage': right('see and revoke the invite codes of others', governing),
  'ownership.offer': right('offer ownership', ['owner']),
  'audit.read': right('read the audit log', governing),
  'segments.read': right('see portraits and segments of members', [...governing, 'analyst']),
  'metrics.read': right('see metrics for analysts, models and downloads, and set alerts', [
    ...governing,
    'analyst',
  ]),
  'proposals.open': right('open a proposal', trusted),
  'proposals.vote': right('vote on proposals', roles),
  'proposals.withdraw': right('withdraw the proposals of others', governing),
  'trials.set': right('say whether there is a trial, and how long', governing),
  'incentives.manage': right(
    'decide on rules, gifts, contests, awards, titles and what fair play found',
    governing,
  ),
  'prizes.fund': right('pay money in for prizes', governing),
  'thanks.moderate': right('take out notes of thanks', staffRoles),
  'fair-play.read': right('see what fair play found', staffRoles),
  'catalogue.manage': right(
    'make, price and archive products, give money back, look at sponsors and placements, decide on what is contested',
    governing,
  ),
} as const satisfies Record<string, Right>;

export type RightName = keyof typeof rights;

/** The role of somebody in the community at hand; null for who is not an active member. */
export const may = (role: RoleName | null, name: RightName): boolean =>
  role !== null && rights[name].roles.includes(role);

const specialists: readonly RoleName[] = ['expert', 'lecturer', 'contributor', 'analyst', 'member'];
const belowAdmin: readonly RoleName[] = ['moderator', ...specialists];

/** Between which roles one may move others: the old role and the new one must both be here. */
export const assignableRoles: Readonly<Record<RoleName, readonly RoleName[]>> = {
  owner: roles,
  admin: belowAdmin,
  moderator: [],
  expert: [],
  lecturer: [],
  contributor: [],
  analyst: [],
  member: [],
};

/** Members of which role one may ban, and lift the ban of; so nobody who has as high a role, nor oneself. */
export const bannableRoles: Readonly<Record<RoleName, readonly RoleName[]>> = {
  owner: ['admin', ...belowAdmin],
  admin: belowAdmin,
  moderator: specialists,
  expert: [],
  lecturer: [],
  contributor: [],
  analyst: [],
  member: [],
};
