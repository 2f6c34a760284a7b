import { printSubgraphSchema } from '@apollo/subgraph';
import { createLog, isErrorCode } from '@lyceum/platform';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from './app';
import { gatewaySecret, identityWorld, type IdentityWorld } from './identity-world.factory';

/** Who these are asked by is found out by asking. */
const list = join(__dirname, '../../../tools/eslint-rules/open-mutations.json');
const open = new Set(Object.keys(JSON.parse(readFileSync(list, 'utf8')) as object));

describe('the identity subgraph', () => {
  let world: IdentityWorld;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    world = await identityWorld();
    ({ schema } = createApp({ ...world.deps }, { signingKeys: [] }));
  });
  afterAll(() => world.close());

  it('asks for a log-in before every mutation but those by which one logs in', async () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
    expect(mutations.length).toBeGreaterThan(10);
    for (const { name, args, type } of mutations.filter(({ name }) => !open.has(name))) {
      const needed = args.filter(isRequiredArgument);
      const head = needed.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
      const passed = needed.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
      const isLeaf = isLeafType(getNamedType(type));
      const query = `mutation ${head === '' ? '' : `(${head})`} {
        ${name}${passed === '' ? '' : `(${passed})`} ${isLeaf ? '' : '{ __typename }'} }`;
      const variables = Object.fromEntries(needed.map((arg) => [arg.name, sampleOf(arg.type)]));
      expect([name, (await world.ask(query, variables)).codes]).toEqual([
        name,
        ['UNAUTHENTICATED'],
      ]);
    }
  });

  it('answers other services about memberships, outside of the public graph', async () => {
    const owner = await world.person();
    const { id: communityId } = await world.community(owner, { visibility: 'PRIVATE' });
    const query = `query ($communityId: ID!, $accountId: ID!) {
      internalMembership(communityId: $communityId, accountId: $accountId) { accountId communityId role status version } }`;
    const variables = { communityId, accountId: owner.id };
    expect((await world.ask(query, variables)).data).toEqual({
      internalMembership: { ...variables, role: 'owner', status: 'active', version: 1 },
    });
    expect((await world.ask(query, { ...variables, accountId: communityId })).data).toEqual({
      internalMembership: null,
    });
    const community = `query ($communityId: ID!) { internalCommunity(communityId: $communityId) { communityId slug visibility } }`;
    expect((await world.ask(community, { communityId })).data).toMatchObject({
      internalCommunity: { communityId, visibility: 'private' },
    });
    const sdl = printSubgraphSchema(schema);
    expect(sdl).toMatch(/type InternalCommunity\s+@inaccessible/);
    expect(sdl).toMatch(/internalCommunity\(.*\): InternalCommunity @inaccessible/);
    expect(sdl).toMatch(/type InternalMembership\s+@inaccessible/);
    expect(sdl).toMatch(/internalMembership\(.*\): InternalMembership @inaccessible/);
  });

  it('answers nobody without the signature of the gateway', async () => {
    const body = { query: '{ communities { edges { cursor } } }' };
    for (const signature of [undefined, gatewaySecret, 't=1,v1=00']) {
      const response = await world.server.inject({
        method: 'POST',
        url: '/graphql',
        payload: body,
        headers: signature === undefined ? {} : { 'x-lyceum-gateway': signature },
      });
      expect(response.statusCode).toBe(401);
      expect(response.body).not.toContain('data');
    }
  });

  it('has only codes of the closed list in its answers', async () => {
    const { codes } = await world.ask('{ nothing { here } }');
    expect(codes.every(isErrorCode)).toBe(true);
  });
});

describe('the log', () => {
  it('has no password, no token and no address in it, whatever happens', async () => {
    const written: string[] = [];
    const destination = { write: (line: string) => void written.push(line) };
    const log = createLog({ name: 'identity', level: 'trace', destination });
    const world = await identityWorld({ log });
    const secrets = ['drapes-on-the-moon', 'ada@example.org', 'wrong-on-purpose', 'n0t@address'];
    const auth = '... on AuthPayload { accessToken refreshToken }';
    const register = (input: object) =>
      world.ask<{ register: Record<string, string> }>(
        `mutation ($input: RegisterInput!) { register(input: $input) { ${auth} } }`,
        { input },
      );
    const [password, email, wrong, noAddress] = secrets;
    const { data } = await register({ handle: 'Ada', email, password });
    secrets.push(...Object.values(data.register));
    await register({ handle: 'Ada', email, password });
    await register({ handle: 'Ada', email: noAddress, password });
    for (const secret of [password, wrong])
      await world.ask(`mutation ($input: LoginInput!) { login(input: $input) { ${auth} } }`, {
        input: { handleOrEmail: email, password: secret },
      });
    for (const now of ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z']) {
      world.setNow(now);
      await world.ask(
        `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${auth} } }`,
        { input: { refreshToken: data.register['refreshToken'] } },
      );
    }
    await world.ask('{ me { id } }', {}, `${data.register['accessToken'] ?? ''}x`);
    await world.db.query('ALTER TABLE account RENAME TO elsewhere'); // a fault of ours is logged, with its query
    const { codes } = await register({ handle: 'Bob', email: 'bob@example.org', password });
    expect(codes).toEqual(['INTERNAL']);

    const lines = written.join('');
    expect(lines).toContain('request.done');
    expect(lines).toContain('request.failed');
    expect(lines).toContain('session.token-reused');
    for (const secret of [...secrets, 'bob@example.org', '$argon2id$'])
      expect(lines).not.toContain(secret);
    await world.close();
  });
});

/** Something that a variable of this type may be. */
const sampleOf = (type: GraphQLInputType): unknown => {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return [sampleOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(fields.map((field) => [field.name, sampleOf(field.type)]));
  }
  const samples: Record<string, unknown> = {
    Int: 1,
    Float: 1,
    Boolean: true,
    DateTimeISO: '2026-01-01T00:00:00Z',
  };
  return samples[type.name] ?? 'abc';
};
