import { formatError } from '@lyceum/platform';
import { execute, parse, type GraphQLSchema } from 'graphql';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp, generateSigningKey } from './app';
import { identityWorld, type IdentityWorld, type Person } from './identity-world.factory';

const path = join(__dirname, '../../../../shared/data/fuzz-blns/blns.json');
const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as string[]) : [];
/** Those of the Big List that are there, and what it cannot hold. */
const strings = [
  ...known,
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u202eabc',
  '\ufeff',
  '%',
  "'; DROP TABLE account; --",
  '{"$gt": ""}',
  '__proto__',
  'a'.repeat(100_000),
  '😀'.repeat(5_000),
  '-'.repeat(20),
  '9'.repeat(400),
];
const uuid = '00000000-0000-7000-8000-000000000000';

/** Every place where a client can put a string, with whatever else the operation needs. */
const places: Record<string, [string, (text: string) => Record<string, unknown>]> = {
  ...input('register', {
    handle: 'fuzzy',
    displayName: 'Fuzzy',
    email: 'fuzzy@example.org',
    password: 'short',
  }),
  ...input('login', { handleOrEmail: 'fuzzy', password: '' }),
  ...input('refreshSession', { refreshToken: '' }),
  ...input('createCommunity', {
    slug: 'taken',
    name: 'Fuzzy',
    description: '',
    timeZone: 'UTC',
    currency: 'USD',
    locale: 'en',
  }),
  ...input('updateCommunity', {
    communityId: uuid,
    name: 'F',
    description: '',
    currency: 'USD',
    locale: 'en',
  }),
  ...input('updateProfile', { displayName: 'F', bio: '', locale: 'en', timeZone: 'UTC' }),
  'updateProfile.links': [
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename } }',
    (text) => ({ input: { links: [text] } }),
  ],
  ...input('joinCommunity', { communityId: uuid }),
  ...input('leaveCommunity', { communityId: uuid }),
  ...input('addMember', { communityId: uuid, handle: 'fuzzy' }),
  ...input('changeRole', { memberId: uuid }, { role: 'ADMIN' }),
  ...input('banMember', { memberId: uuid }),
  'liftBan.memberId': [
    'mutation ($input: BanMemberInput!) { liftBan(input: $input) { __typename } }',
    (text) => ({ input: { memberId: text } }),
  ],
  ...input('publishCharter', { communityId: uuid, rules: 'r', goals: '', positioning: '' }),
  ...input('acceptCharter', { communityId: uuid }, { version: 1 }),
  'setCommunityTopics.paths': [
    'mutation ($input: SetCommunityTopicsInput!) { setCommunityTopics(input: $input) { __typename } }',
    (text) => ({ input: { communityId: uuid, paths: [text] } }),
  ],
  ...input('requestToJoin', { communityId: uuid, message: '' }),
  ...input('withdrawJoinRequest', { requestId: uuid }),
  ...input('decideJoinRequest', { requestId: uuid, reason: '' }, { isApproved: true }),
  ...input('offerOwnership', { memberId: uuid }),
  ...input('createInvite', { communityId: uuid }),
  ...input('revokeInvite', { inviteId: uuid }),
  ...input('redeemInvite', { code: 'code' }),
  ...input('startTrial', { communityId: uuid }),
  ...input('openProposal', { communityId: uuid, title: 't', rules: 'r' }, { kind: 'RULES' }),
  ...input('voteOnProposal', { proposalId: uuid }, { choice: 'AYE' }),
  ...input('withdrawProposal', { proposalId: uuid }),
  ...input('changeHandle', { handle: 'fuzzy' }),
  ...input('setAvatar', { image: '' }),
  ...input('eraseMyAccount', { handle: 'fuzzy', password: '' }),
  ...argument('erasure', 'receipt: $text'),
  ...argument('topics', 'under: $text'),
  ...argument('topics', 'after: $text'),
  ...argument('communities', 'topic: $text'),
  ...argument('proposal', 'id: $text', 'ID'),
  ...argument('proposals', 'communityId: $text', 'ID'),
  ...argument('internalAcceptedCharter', 'memberId: $text', 'ID'),
  ...argument('community', 'id: $text', 'ID'),
  ...argument('community', 'slug: $text'),
  ...argument('account', 'id: $text', 'ID'),
  ...argument('account', 'handle: $text'),
  ...argument('member', 'id: $text', 'ID'),
  ...argument('communities', 'search: $text'),
  ...argument('communities', 'after: $text'),
  ...argument('internalMembership', `communityId: $text, accountId: "${uuid}"`, 'ID'),
  ...argument('internalCommunity', 'communityId: $text', 'ID'),
  'members(after)': [
    'query ($text: String) { community(slug: "taken") { members(after: $text) { __typename } } }',
    (text) => ({ text }),
  ],
  'memberships(after)': [
    'query ($text: String) { me { memberships(after: $text) { __typename } } }',
    (text) => ({ text }),
  ],
  ...Object.fromEntries(
    ['Account', 'Community', 'Member'].map((type) => [
      `_entities(${type})`,
      [
        'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
        (text: string) => ({ r: [{ __typename: type, id: text }] }),
      ],
    ]),
  ),
};

function input(
  operation: string,
  fields: Record<string, string>,
  rest: Record<string, unknown> = {},
): typeof places {
  const type = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Input`;
  const mutation = `mutation ($input: ${type}!) { ${operation}(input: $input) { __typename } }`;
  return Object.fromEntries(
    Object.keys(fields).map((field) => [
      `${operation}.${field}`,
      [mutation, (text: string) => ({ input: { ...fields, ...rest, [field]: text } })],
    ]),
  );
}

function argument(operation: string, call: string, type = 'String'): typeof places {
  return {
    [`${operation}(${call})`]: [
      `query ($text: ${type}!) { ${operation}(${call}) { __typename } }`,
      (text: string) => ({ text }),
    ],
  };
}

jest.setTimeout(120_000);

describe(`${strings.length} naughty strings`, () => {
  let world: IdentityWorld;
  let person: Person;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    const config = {
      secret: 'a secret of at least thirty-two characters',
      signingKeys: [await generateSigningKey()],
      limiter: () => Promise.resolve(0),
      passwords: { hash: () => Promise.resolve('hash'), isCorrect: () => Promise.resolve(false) },
    };
    world = await identityWorld(config);
    ({ schema } = createApp(world.deps, config));
    person = await world.person();
    await world.community(await world.person(), { slug: 'taken' });
  });
  afterAll(() => world.close());

  it.each(Object.keys(places))(
    'in %s are taken or refused, never a fault of ours',
    async (place) => {
      const [query, variables] = places[place] ?? ['', () => ({})];
      const document = parse(query);
      const faultsOf = async (text: string): Promise<unknown[]> => {
        const { errors = [] } = await execute({
          schema,
          document,
          variableValues: variables(text),
          contextValue: world.as(person),
        });
        return errors
          .map((error) => formatError(world.deps.log)(error.toJSON(), error))
          .filter(({ extensions }) => extensions?.['code'] !== 'BAD_INPUT')
          .map((fault) => ({ text: text.slice(0, 80), fault }));
      };
      const left = [...strings];
      const faults: unknown[] = [];
      const askAll = async (): Promise<void> => {
        for (let text = left.pop(); text !== undefined; text = left.pop())
          faults.push(...(await faultsOf(text)));
      };
      await Promise.all(Array.from({ length: 8 }, askAll));
      expect(faults).toEqual([]);
    },
  );

  it('come back as they were stored', async () => {
    const owner = await world.person();
    const { id } = await world.community(owner);
    for (const description of known.filter(
      (text) => text.trim() === text && text === text.normalize('NFC'),
    )) {
      const { data, codes } = await world.ask<{ updateCommunity: { description: string } }>(
        `mutation ($input: UpdateCommunityInput!) { updateCommunity(input: $input) { ... on Community { description } } }`,
        { input: { communityId: id, description } },
        owner,
      );
      if (codes.length === 0) expect(data.updateCommunity.description).toBe(description);
    }
  });
});
