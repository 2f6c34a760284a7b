import { rateLimited, silentLog, unauthenticated, type TokenVerifier } from '@lyceum/platform';
import { GraphQLError } from 'graphql';
import { createGateway, type Gateway, type GatewayOptions } from '../app';
import { composeSupergraph } from '../compose';
import { Feed } from './feed';
import { StubSubgraph, testSecret, type StubDefinition } from './stub-subgraph';

/** A vote as the stub world's subscription tells it. */
export interface VoteEvent {
  readonly postId: string;
  readonly voterId: string;
}

const posts = Array.from({ length: 12 }, (_, index) => ({
  id: `p${String(index)}`,
  title: `Post ${String(index)}`,
  author: { __typename: 'Member', id: `m${String(index % 3)}` },
  score: index,
  body: 'x'.repeat(20_000),
}));

const postById = (id: string) => posts.find((post) => post.id === id);

export const votes = new Feed<VoteEvent>();

const content: StubDefinition = {
  name: 'content',
  sdl: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
    type Query { post(id: ID!): Post, posts(first: Int = 20): [Post!]!, search: [Hit!]!, fails: String, must: String! }
    type Mutation { vote(postId: ID!): Post, slow(name: String!): String }
    type Subscription { voted(postId: ID): Vote }
    type Vote { post: Post!, voter: Member! }
    union Hit = Post | Member
    type Post @key(fields: "id") { id: ID!, title: String!, body: String!, author: Member, score: Int! }
    type Member @key(fields: "id") { id: ID!, posts(first: Int = 3): [Post!]! }
  `,
  resolvers: {
    Query: {
      post: (_: unknown, { id }: { id: string }) => postById(id),
      posts: (_: unknown, { first }: { first: number }) => posts.slice(0, first),
      search: () => [
        { __typename: 'Member', id: 'm1' },
        { __typename: 'Post', ...posts[1] },
        { __typename: 'Member', id: 'm2' },
      ],
      fails: () => {
        throw new GraphQLError('Not found here.', { extensions: { code: 'NOT_FOUND' } });
      },
      must: () => null,
    },
    Mutation: {
      vote: (_: unknown, { postId }: { postId: string }) => {
        if (postId === 'too-soon') throw rateLimited('Wait.', { retryAfterMs: 2_500 });
        return postById(postId);
      },
      slow: (_: unknown, { name }: { name: string }) => name,
    },
    Subscription: {
      voted: {
        subscribe: () => votes.listen(),
        resolve: ({ postId, voterId }: VoteEvent) => ({
          post: postById(postId),
          voter: { __typename: 'Member', id: voterId },
        }),
      },
    },
    Hit: { __resolveType: (hit: { __typename: string }) => hit.__typename },
    Post: { __resolveReference: ({ id }: { id: string }) => postById(id) },
    Member: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      posts: ({ id }: { id: string }, { first }: { first: number }) =>
        posts.filter(({ author }) => author.id === id).slice(0, first),
    },
  },
};

const identity: StubDefinition = {
  name: 'identity',
  sdl: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Query { me: Member }
    type Member @key(fields: "id") { id: ID!, handle: String!, nickname: String }
  `,
  resolvers: {
    Query: { me: () => ({ id: 'm1' }) },
    Member: {
      __resolveReference: ({ id }: { id: string }) => (id === 'm9' ? null : { id }),
      handle: ({ id }: { id: string }) => `handle-${id}`,
      nickname: ({ id }: { id: string }) => {
        if (id === 'm1')
          throw new GraphQLError('No nickname for you.', { extensions: { code: 'FORBIDDEN' } });
        return `nick-${id}`;
      },
    },
  },
};

const reputation: StubDefinition = {
  name: 'reputation',
  sdl: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@requires", "@external"])
    type Query { leaders: [Member!]! }
    type Member @key(fields: "id") { id: ID!, handle: String! @external, points: Int!, badge: String! @requires(fields: "handle") }
  `,
  resolvers: {
    Query: { leaders: () => [{ id: 'm2' }, { id: 'm0' }] },
    Member: {
      __resolveReference: (member: { id: string }) => member,
      points: ({ id }: { id: string }) => Number(id.slice(1)) * 10,
      badge: ({ handle }: { handle: string }) => `badge of ${handle}`,
    },
  },
};

export const definitions = { content, identity, reputation };

export const supergraphOf = (list: readonly StubDefinition[]): string => {
  const composed = composeSupergraph(list);
  if ('errors' in composed) throw new Error(composed.errors.join('\n'));
  return composed.supergraphSdl;
};

export const supergraphSdl = supergraphOf(Object.values(definitions));

/** Tokens of the form `Bearer NAME` or `Bearer NAME@EXPIRY`; `bad` is no good. */
export const verifyTestToken: TokenVerifier = (authorization) => {
  if (authorization === undefined)
    return Promise.resolve({ actor: { kind: 'anonymous' }, expiresAtMs: Infinity });
  const [name = '', expiry] = authorization.replace('Bearer ', '').split('@');
  const expiresAtMs = expiry === undefined ? Infinity : Number(expiry);
  if (name === 'bad') return Promise.reject(unauthenticated('The access token is not valid.'));
  if (expiresAtMs <= Date.now())
    return Promise.reject(unauthenticated('The access token has expired.'));
  return Promise.resolve({
    // A test's account needs no UUID.
    actor: {
      kind: 'user',
      accountId: name as never,
      sessionId: `session of ${name}`,
      scopes: ['*'],
    },
    expiresAtMs,
  });
};

export interface World {
  readonly content: StubSubgraph;
  readonly identity: StubSubgraph;
  readonly reputation: StubSubgraph;
  readonly gateway: Gateway;
  readonly url: string;
  close(): Promise<void>;
}

/** Three subgraphs and a gateway, over real HTTP. */
export const aWorld = async (options: Partial<GatewayOptions> = {}): Promise<World> => {
  const stubs = {
    content: await new StubSubgraph(content).start(),
    identity: await new StubSubgraph(identity).start(),
    reputation: await new StubSubgraph(reputation).start(),
  };
  const gateway = await createGateway({
    subgraphs: Object.entries(stubs).map(([name, { url }]) => ({ name, url })),
    supergraphSdl,
    gatewaySecret: testSecret,
    verifyToken: verifyTestToken,
    log: silentLog(),
    ...options,
  });
  return {
    ...stubs,
    gateway,
    url: await gateway.listen(),
    close: async () => {
      await gateway.close();
      await Promise.all(Object.values(stubs).map((stub) => stub.stop()));
    },
  };
};

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly data?: unknown;
    readonly errors?: readonly {
      message: string;
      path?: unknown;
      extensions: Record<string, unknown>;
    }[];
  };
}

/** Sends an operation as a client would. */
export const ask = async (
  url: string,
  query: string,
  options: { variables?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Promise<Reply> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    body: JSON.stringify({ query, variables: options.variables }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply['body'],
  };
};

/** Waits until the condition holds; fails after five seconds. */
export const until = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition was never met');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
