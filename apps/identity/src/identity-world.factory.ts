import { newId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import {
  createSubgraphServer,
  createTokenVerifier,
  gatewaySignatureHeader,
  serviceContext,
  signGatewayRequest,
  unauthenticated,
  type Deps,
  type IdentityLink,
  type Log,
} from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import type { GraphQLSchema } from 'graphql';
import assert from 'node:assert';
import { createApp, database } from './app';
import { kitOf, type IdentityConfig } from './kit';
import type { Role } from './memberships/member.entity';
import { generateSigningKey, publicKeys } from './sessions/signing-keys';
import { exchangeToken } from './tokens/exchange-token';

export const gatewaySecret = 'a secret of at least thirty-two characters';

export interface Person {
  readonly id: AccountId;
  readonly handle: string;
  readonly token: string;
}

export interface Answer<Data> {
  /** `{}` when there is none. */
  readonly data: Data;
  readonly codes: readonly unknown[];
  readonly errors: readonly { message: string; extensions: Record<string, unknown> }[];
  /** The header of that name. */
  readonly retryAfter: string | undefined;
}

/** Identity as the gateway meets it: its HTTP server with signatures and tokens, on a real database. */
export interface IdentityWorld extends TestWorld {
  ask<Data = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
    who?: Person | string | null,
  ): Promise<Answer<Data>>;
  /** What requests carry besides, as the gateway adds it. */
  readonly headers: Record<string, string>;
  /** An account that is logged in; without password, because hashing takes its time. */
  person(handle?: string): Promise<Person>;
  /** A community, founded through the graph. */
  community(
    owner: Person,
    input?: Record<string, unknown>,
  ): Promise<{ id: CommunityId; slug: string }>;
  /** A member by SQL, in any state. */
  member(
    person: Person,
    communityId: CommunityId,
    state?: { role?: Role; status?: 'active' | 'left' | 'banned' },
  ): Promise<MemberId>;
  readonly server: Awaited<ReturnType<typeof createSubgraphServer>>;
  readonly schema: GraphQLSchema;
}

export const identityWorld = async (
  config: Partial<IdentityConfig> & { readonly log?: Log } = {},
): Promise<IdentityWorld> => {
  const world = await testWorld({ app: 'identity', database });
  if (config.log !== undefined) Object.assign(world.deps, { log: config.log }); // the same deps: contexts have them too
  const signingKeys = config.signingKeys ?? [await generateSigningKey()];
  const app = createApp(world.deps, { secret: gatewaySecret, ...config, signingKeys });
  const server = await createSubgraphServer({
    deps: world.deps,
    schema: app.schema,
    verifyToken: createTokenVerifier(
      { keys: publicKeys(signingKeys) },
      () => world.deps.now().getTime(),
      inProcessLink(world.deps),
    ),
    gatewaySecret,
    ...(app.routes === undefined ? {} : { routes: app.routes }),
  });
  let counter = 0;
  const headers: Record<string, string> = {};

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as in the interface
  const ask: IdentityWorld['ask'] = async <Data>(
    query: string,
    variables: Record<string, unknown> = {},
    who: Person | string | null = null,
  ) => {
    const payload = JSON.stringify({ query, variables });
    const token = typeof who === 'string' ? who : who?.token;
    const response = await server.inject({
      method: 'POST',
      url: '/graphql',
      payload,
      headers: {
        'content-type': 'application/json',
        [gatewaySignatureHeader]: signGatewayRequest(gatewaySecret, payload, Date.now()),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    const body = response.json<{ data?: Data | null; errors?: Answer<Data>['errors'] }>();
    assert(body.data !== undefined || body.errors !== undefined, response.body);
    const errors = body.errors ?? [];
    return {
      data: body.data ?? ({} as Data),
      errors,
      retryAfter: response.headers['retry-after']?.toString(),
      codes: errors.map(({ extensions }) => extensions['code']),
    };
  };

  return {
    ...world,
    server,
    schema: app.schema,
    headers,
    ask,
    async person(handle = `person-${(counter += 1)}`) {
      const id = newId<'Account'>();
      await world.db.query(
        'INSERT INTO account (id, handle, display_name, created_at) VALUES ($1, $2, $2, $3)',
        [id, handle, world.deps.now()],
      );
      const subject = { accountId: id, sessionId: newId<'Session'>() };
      const { accessToken } = await kitOf(world).accessTokens.sign(subject);
      return { id, handle, token: accessToken };
    },
    async community(owner, input = {}) {
      const slug = `community-${(counter += 1)}`;
      const { data, errors } = await ask<{
        createCommunity?: { id: CommunityId; slug: string };
      }>(
        `mutation ($input: CreateCommunityInput!) {
          createCommunity(input: $input) { ... on Community { id slug } } }`,
        { input: { slug, name: slug, ...input } },
        owner,
      );
      assert(data.createCommunity !== undefined, JSON.stringify(errors));
      return data.createCommunity;
    },
    async member(person, communityId, { role = 'member', status = 'active' } = {}) {
      const id = newId<'Member'>();
      await world.db.query(
        `INSERT INTO member (id, account_id, community_id, role, status, joined_at) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, person.id, communityId, role, status, world.deps.now()],
      );
      return id;
    },
    async close() {
      await server.close();
      await world.close();
    },
  };
};

/** Personal tokens are exchanged as other processes do it; revocations have a test of their own. */
const inProcessLink = (deps: Deps): IdentityLink => ({
  isRevoked: () => false,
  onRevoked: () => () => undefined,
  exchange: async (token) => {
    const accessToken = await exchangeToken(serviceContext(deps, 'test'), token);
    if (accessToken === null) throw unauthenticated('The access token is not valid.');
    return accessToken;
  },
  close: () => undefined,
});
