import {
  newId,
  rights,
  type AccountId,
  type CommunityId,
  type MemberId,
  type RightName,
} from '@lyceum/contracts';
import {
  actors,
  describeRights,
  isActive,
  ownerOr,
  type ActorName,
  type Operation,
} from '@lyceum/testing';
import { readFileSync } from 'node:fs';
import { identityWorld, type IdentityWorld } from './identity-world.factory';

interface Person {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
}
type About = Parameters<Operation<Person>['make']>[0];

let world: IdentityWorld;
/** Listed: everyone knows of it, and its members what is in it. */
let communityId: CommunityId;

const aMember = async (state: Parameters<IdentityWorld['member']>[2] = {}): Promise<Person> => {
  const person = await world.person();
  return { accountId: person.id, memberId: await world.member(person, communityId, state) };
};

const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
  const id = newId();
  const whole = { id, community_id: communityId, ...row };
  await world.db.query(
    `INSERT INTO ${table} (${Object.keys(whole).join(', ')})
     VALUES (${Object.keys(whole)
       .map((_, i) => `$${String(i + 1)}`)
       .join(', ')})`,
    Object.values(whole),
  );
  return id;
};

const aProposal = async ({ owner, actor }: About): Promise<string> => {
  const id = await insert('proposal', {
    proposer_id: owner.memberId,
    kind: 'event',
    title: 'A meeting',
    description: '',
    change: '{}',
    quorum_percent: 20,
    opened_at: world.deps.now(),
    closes_at: new Date(world.deps.now().getTime() + 86_400_000),
    voters: 1,
  });
  if (actor !== null)
    await world.db.query(
      'INSERT INTO proposal_vote (proposal_id, member_id) SELECT $1, id FROM member WHERE id = $2',
      [id, actor.memberId],
    );
  return id;
};

const aServiceAccount = async (): Promise<string> => {
  const { accountId } = await aMember({ role: 'analyst' });
  await world.db.query(
    'INSERT INTO service_account (account_id, community_id, created_at) VALUES ($1, $2, now())',
    [accountId, communityId],
  );
  return accountId;
};

const once = { whose: ['other'] as const };
/** On the community itself. */
const on = (right: RightName, input: Record<string, unknown> = {}): Operation<Person> => ({
  right,
  ...once,
  make: () => ({ input: { communityId, ...input } }),
});
const reads = (right: RightName, field: string): Operation<Person> => ({
  right,
  ...once,
  document: `query ($communityId: ID!) { ${field} }`,
  make: () => ({ communityId }),
});
const serves = { right: 'members.add', ...once, refusals: ['SERVICE_ACCOUNT_NOT_FOUND'] } as const;

const operations: Record<string, Operation<Person>> = {
  updateCommunity: on('community.update', { name: 'Changed' }),
  setCommunityTopics: on('community.update', { paths: ['music/guitar'] }),
  changeCommunityVisibility: on('community.show', { visibility: 'LISTED' }),
  publishCharter: on('charter.publish', { rules: 'Be kind.' }),
  setTrial: on('trials.set', { days: 7 }),
  createInvite: on('members.invite', { maxUses: 1, daysValid: 1 }),
  openProposal: on('proposals.open', { kind: 'EVENT', title: 'A meeting' }),
  createServiceAccount: on('members.add', { name: 'Reader' }),
  addMember: {
    right: 'members.add',
    ...once,
    make: async () => ({ input: { communityId, handle: (await world.person()).handle } }),
  },
  offerOwnership: {
    right: 'ownership.offer',
    make: async () => ({ input: { memberId: (await aMember()).memberId } }),
    ...once,
  },
  decideJoinRequest: {
    right: 'members.admit',
    ...once,
    make: async () => ({
      input: {
        requestId: await insert('join_request', {
          account_id: (await world.person()).id,
          requested_at: world.deps.now(),
        }),
        isApproved: true,
      },
    }),
  },
  revokeInvite: {
    right: 'invites.manage',
    // Taking back what one has made harms nobody, whatever one is by now.
    may: (actor, whose) => whose === 'own' || ownerOr('invites.manage')(actor, whose),
    make: async ({ owner }) => ({
      input: {
        inviteId: await insert('invite', {
          inviter_id: owner.accountId,
          code: newId(),
          max_uses: 1,
          created_at: world.deps.now(),
          expires_at: world.deps.now(),
        }),
      },
    }),
  },
  voteOnProposal: {
    right: 'proposals.vote',
    refusals: ['PROPOSAL_NOT_FOUND', 'NOT_A_VOTER'],
    make: async (about) => ({ input: { proposalId: await aProposal(about), choice: 'AYE' } }),
  },
  withdrawProposal: {
    right: 'proposals.withdraw',
    may: ownerOr('proposals.withdraw'),
    refusals: ['PROPOSAL_NOT_FOUND'],
    make: async (about) => ({ input: { proposalId: await aProposal(about) } }),
  },
  createServiceToken: {
    ...serves,
    make: async () => ({
      input: {
        serviceAccountId: await aServiceAccount(),
        name: 'Reads',
        scopes: ['READ'],
        expiresInDays: 1,
      },
    }),
  },
  deleteServiceAccount: {
    ...serves,
    make: async () => ({ serviceAccountId: await aServiceAccount() }),
  },
  inviteToClaim: {
    right: 'members.add',
    ...once,
    make: async () => {
      const { accountId } = await aMember();
      await world.db.query('UPDATE account SET imported_from = $1::text WHERE id = $1::uuid', [
        accountId,
      ]);
      return { input: { accountId, email: `${accountId}@example.org` } };
    },
  },
  communityAuditLog: reads(
    'audit.read',
    'communityAuditLog(communityId: $communityId) { __typename }',
  ),
  joinRequests: reads('members.admit', 'joinRequests(communityId: $communityId) { __typename }'),
  segments: reads('segments.read', 'segments(communityId: $communityId) { __typename }'),
  segmentMembers: reads(
    'segments.read',
    'segmentMembers(communityId: $communityId, segment: NEWCOMER) { __typename }',
  ),
  archiveCommunity: on('community.archive'),
  restoreCommunity: on('community.archive'),
};

/** Of rights that other domains decide by, their own tests have the cases. */
const elsewhere = ['content', 'payments', 'reputation'].map((app) =>
  readFileSync(`apps/${app}/src/rights.test.ts`, 'utf8'),
);
const own = (Object.keys(rights) as RightName[]).filter(
  (right) => !elsewhere.some((test) => test.includes(`'${right}'`)),
);

/** What one does with one's own account, and what asks nobody's leave. */
const ofAccounts: Readonly<Record<string, readonly string[]>> = {
  'accounts/account-security.test.ts': [
    'sendVerificationEmail',
    'changePassword',
    'setPassword',
    'changeEmail',
    'deactivateAccount',
  ],
  'accounts/update-profile.test.ts': ['updateProfile'],
  'profiles/profiles.test.ts': ['changeHandle', 'setAvatar'],
  'oauth/external-login.test.ts': ['beginExternalLink'],
  'passkeys/passkeys.test.ts': ['beginPasskey', 'addPasskey', 'removePasskey'],
  'second-factor/second-factor.test.ts': [
    'setUpTotp',
    'confirmTotp',
    'removeSecondFactor',
    'renewRecoveryCodes',
  ],
  'sessions/login-sessions.test.ts': ['revokeSession'],
  'sessions/refresh-session.test.ts': ['logout'],
  'tokens/tokens.test.ts': ['createPersonalToken', 'revokePersonalToken'],
  'privacy/privacy.test.ts': ['setConsent', 'requestDataExport', 'eraseMyAccount'],
  'communities/communities.test.ts': ['createCommunity'],
  'charters/charters.test.ts': ['acceptCharter'],
  'invites/invites.test.ts': ['redeemInvite'],
  'join-requests/join-requests.test.ts': ['requestToJoin', 'withdrawJoinRequest'],
  'ownership/ownership.test.ts': ['acceptOwnership', 'declineOwnership'],
  'trials/trials.test.ts': ['startTrial'],
  'memberships/memberships.test.ts': ['joinCommunity', 'leaveCommunity'],
  'memberships/rights.test.ts': ['changeRole', 'banMember', 'liftBan'],
};
const byOwnership = Object.fromEntries(
  Object.entries(ofAccounts).flatMap(([file, names]) =>
    names.map((name) => [name, `apps/identity/src/${file}`] as const),
  ),
);

const open = Object.keys(
  JSON.parse(readFileSync('tools/eslint-rules/open-mutations.json', 'utf8')) as object,
);

describeRights<Person>({
  rights: own,
  operations,
  byOwnership,
  open,
  world: async () => {
    world = await identityWorld();
    const founder = await world.person('founder');
    ({ id: communityId } = await world.community(founder, { visibility: 'LISTED' }));
    const people = {} as Record<Exclude<ActorName, 'nobody'>, Person>;
    for (const actor of actors) {
      if (actor === 'nobody') continue;
      if (actor === 'stranger') {
        const elsewhereOwner = await world.person();
        await world.community(elsewhereOwner);
        people[actor] = { accountId: elsewhereOwner.id, memberId: newId<'Member'>() };
      } else
        people[actor] = await aMember(
          isActive(actor) ? { role: actor } : { role: 'owner', status: actor },
        );
    }
    return { ...world, people, other: await aMember() };
  },
});
