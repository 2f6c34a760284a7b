import { createClient as createSseClient } from 'graphql-sse';
import { createClient, type Client, type CloseCode } from 'graphql-ws';
import WebSocket from 'ws';
import type { GatewayOptions } from '../app';
import {
  aWorld,
  ask,
  definitions,
  supergraphOf,
  supergraphSdl,
  until,
  votes,
  type World,
} from '../testing/world';

const live = 'subscription Live { voted { post { title score } voter { handle points badge } } }';

const expected = (post: number, member: number) => ({
  data: {
    voted: {
      post: { title: `Post ${String(post)}`, score: post },
      voter: {
        handle: `handle-m${String(member)}`,
        points: member * 10,
        badge: `badge of handle-m${String(member)}`,
      },
    },
  },
});

interface Listening {
  readonly events: unknown[];
  readonly ended: Promise<unknown>;
  stop(): void;
}

const subscribe = (
  client: Pick<Client, 'subscribe'>,
  query = live,
  variables: Record<string, unknown> = {},
): Listening => {
  const events: unknown[] = [];
  let stop: () => void = () => undefined;
  const ended = new Promise((resolve) => {
    stop = client.subscribe(
      { query, variables },
      { next: (event) => events.push(event), error: resolve, complete: () => resolve('complete') },
    );
  });
  return { events, ended, stop };
};

const overWebSocket = (world: World, connectionParams: Record<string, unknown> = {}): Client =>
  createClient({
    url: `${world.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
    lazy: true,
  });

const overSse = (world: World, headers: Record<string, string> = {}) =>
  createSseClient({ url: `${world.url}/graphql`, headers, retryAttempts: 0 });

let world: World;
const open = async (options: Partial<GatewayOptions> = {}): Promise<World> => {
  world = await aWorld(options);
  return world;
};
afterEach(() => world.close());

const codeOf = (end: unknown): unknown => (end as { code?: unknown }).code ?? end;

const oneListener = () => until(() => votes.listenerCount === 1);

describe.each([
  [
    'WebSocket',
    (authorization?: string) => overWebSocket(world, authorization ? { authorization } : {}),
  ],
  [
    'SSE',
    (authorization?: string) =>
      overSse(world, authorization ? { authorization } : {}) as unknown as Client,
  ],
])('a subscription over %s', (_, connect) => {
  it('gets fields of every subgraph with each event', async () => {
    await open();
    const client = connect('Bearer me');
    const listening = subscribe(client);
    await oneListener();
    votes.push({ postId: 'p3', voterId: 'm1' });
    votes.push({ postId: 'p4', voterId: 'm2' });
    await until(() => listening.events.length === 2);
    expect(listening.events).toEqual([expected(3, 1), expected(4, 2)]);
    expect(world.content.streamHeaders[0]).toMatchObject({
      authorization: 'Bearer me',
      'x-lyceum-gateway': expect.stringMatching(/^t=\d+,v1=/) as string,
    });
    expect(world.identity.calls.at(-1)?.headers.authorization).toBe('Bearer me');

    listening.stop();
    await until(() => world.content.openStreams === 0 && votes.listenerCount === 0);
  });

  it('gets what there is when a subgraph is down', async () => {
    await open();
    const listening = subscribe(connect());
    await oneListener();
    await world.identity.stop();
    votes.push({ postId: 'p3', voterId: 'm1' });
    await until(() => listening.events.length === 1);
    expect(listening.events[0]).toMatchObject({
      data: { voted: null },
      errors: [
        { extensions: { code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) as string } },
      ],
    });
    await world.identity.restart();
    listening.stop();
  });

  it('is refused with a typed error when it is not valid', async () => {
    await open();
    const listening = subscribe(connect(), 'subscription { voted { nothing } }');
    const end = await listening.ended;
    const errors = Array.isArray(end)
      ? (end as unknown[])
      : (listening.events[0] as { errors: unknown[] }).errors;
    expect(errors).toEqual([
      expect.objectContaining({
        extensions: { code: 'BAD_INPUT', requestId: expect.any(String) as string },
      }),
    ]);
    expect(world.content.streamsOpened).toBe(0);
  });

  it('ends when its token does', async () => {
    await open();
    const listening = subscribe(connect(`Bearer me@${String(Date.now() + 400)}`));
    await oneListener();
    votes.push({ postId: 'p1', voterId: 'm1' });
    await until(() => listening.events.length === 1);
    const end = await listening.ended;
    if (end === 'complete') {
      expect(listening.events.at(-1)).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    } else {
      expect(end).toMatchObject({ code: 4401 satisfies CloseCode.Unauthorized });
    }
    await until(() => world.content.openStreams === 0);
  });

  it('executes queries and mutations too', async () => {
    await open();
    const listening = subscribe(
      connect(),
      'mutation { vote(postId: "p5") { score author { handle } } }',
    );
    await listening.ended;
    expect(listening.events).toEqual([
      { data: { vote: { score: 5, author: { handle: 'handle-m2' } } } },
    ]);
  });

  it('goes on when its upstream is lost and comes back', async () => {
    await open({ subscriptionLimits: { reconnectBaseMs: 20 } });
    const listening = subscribe(connect());
    await oneListener();
    await world.content.stop();
    await world.content.restart();
    await until(() => world.content.streamsOpened === 2 && votes.listenerCount === 1);
    votes.push({ postId: 'p7', voterId: 'm0' });
    await until(() => listening.events.length === 1);
    expect(listening.events).toEqual([expected(7, 0)]);
    listening.stop();
  });

  it('is told when its upstream does not come back', async () => {
    await open({ subscriptionLimits: { reconnectBaseMs: 5, maxReconnects: 3 } });
    const listening = subscribe(connect());
    await oneListener();
    await world.content.stop();
    await listening.ended;
    expect(listening.events).toEqual([
      {
        errors: [
          expect.objectContaining({
            extensions: expect.objectContaining({ code: 'SUBGRAPH_UNAVAILABLE' }) as object,
          }),
        ],
      },
    ]);
    await world.content.restart();
  });
});

describe('sharing', () => {
  it('opens one upstream and asks once an event for all clients of equal rights', async () => {
    await open();
    const anonymous = Array.from({ length: 20 }, (_, index) =>
      subscribe(index % 2 ? overWebSocket(world) : (overSse(world) as unknown as Client)),
    );
    const mine = [
      subscribe(overWebSocket(world, { authorization: 'Bearer me' })),
      subscribe(overWebSocket(world, { headers: { Authorization: 'Bearer me' } })),
    ];
    await until(() => votes.listenerCount === 2);
    const metrics = async () => (await fetch(`${world.url}/metrics`)).text();
    const deadline = Date.now() + 5_000;
    while (
      !(await metrics()).includes('lyceum_subscriptions{app="gateway"} 22') &&
      Date.now() < deadline
    );
    expect(await metrics()).toContain('lyceum_subscription_upstreams{app="gateway"} 2');

    world.identity.calls.length = 0;
    votes.push({ postId: 'p1', voterId: 'm1' });
    await until(() => [...anonymous, ...mine].every(({ events }) => events.length === 1));
    expect(world.content.streamsOpened).toBe(2);
    expect(world.identity.calls.map(({ headers }) => headers.authorization).sort()).toEqual([
      'Bearer me',
      undefined,
    ]);

    for (const { stop } of anonymous) stop();
    await until(() => world.content.openStreams === 1);
    for (const { stop } of mine) stop();
    await until(() => world.content.openStreams === 0);
  });

  it('does not share between different variables, whatever their order in equal ones', async () => {
    await open();
    const query = 'subscription ($id: ID) { voted(postId: $id) { post { id } } }';
    const client = overWebSocket(world);
    const listening = [{ id: 'p1' }, { id: 'p2' }, { id: 'p1' }].map((variables) =>
      subscribe(client, query, variables),
    );
    await until(() => votes.listenerCount === 2);
    for (const { stop } of listening) stop();
    await until(() => votes.listenerCount === 0);
  });

  it('goes on with the token of another client when the one that opened the upstream ends', async () => {
    await open();
    const first = subscribe(
      overWebSocket(world, { authorization: `Bearer me@${String(Date.now() + 500)}` }),
    );
    await oneListener();
    const second = subscribe(
      overWebSocket(world, { authorization: `Bearer me@${String(Date.now() + 60_000)}` }),
    );
    expect(await first.ended).toMatchObject({ code: 4401 });
    await until(() => world.content.streamsOpened === 2 && votes.listenerCount === 1);
    votes.push({ postId: 'p1', voterId: 'm1' });
    await until(() => second.events.length === 1);
    expect(world.content.streamHeaders[1]?.authorization).toMatch(/^Bearer me@/);
    expect(world.content.streamHeaders[1]?.authorization).not.toBe(
      world.content.streamHeaders[0]?.authorization,
    );
    second.stop();
  });
});

describe('bounds', () => {
  /** A client that opens a subscription and then reads nothing any more. */
  const sleeper = async (): Promise<WebSocket> => {
    const socket = new WebSocket(
      `${world.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"connection_init"}');
    await new Promise((resolve) => socket.once('message', resolve));
    const query = `subscription { voted { post { ${Array.from({ length: 15 }, (_, index) => `a${String(index)}: title`).join(' ')} } } }`;
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    await oneListener();
    socket.pause();
    return socket;
  };

  it('disconnects a client that does not keep up, and nobody else', async () => {
    await open({ subscriptionLimits: { maxQueuedEvents: 8 } });
    const slow = await sleeper();
    const fast = subscribe(overWebSocket(world));
    await until(() => votes.listenerCount === 2);
    const closed = new Promise<number>((resolve) => slow.once('close', (code) => resolve(code)));
    const isCut = () => votes.listenerCount === 1;
    const deadline = Date.now() + 20_000;
    let pushed = 0;
    while (!isCut() && Date.now() < deadline) {
      votes.push({ postId: 'p1', voterId: 'm1' });
      pushed += 1;
      if (pushed % 50 === 0) await until(() => fast.events.length > pushed - 50);
    }
    expect(isCut()).toBe(true);
    await until(() => fast.events.length === pushed);
    slow.resume();
    expect([1006, 1013]).toContain(await closed);
    expect(await (await fetch(`${world.url}/metrics`)).text()).toMatch(
      /subscription_events_total\{app="gateway",status="overflow"\} 1/,
    );
    fast.stop();
  }, 40_000);

  it('limits operations and messages of a connection', async () => {
    await open({ subscriptionLimits: { maxPerConnection: 2, maxMessagesPer10s: 6 } });
    const client = overWebSocket(world);
    const listening = [1, 2, 3].map((number) =>
      subscribe(client, `subscription { voted(postId: "${String(number)}") { post { id } } }`),
    );
    expect(await listening[2]?.ended).toEqual([
      expect.objectContaining({
        extensions: expect.objectContaining({ code: 'LIMIT_EXCEEDED' }) as object,
      }),
    ]);
    for (let number = 0; number < 4; number += 1) subscribe(client);
    expect(await listening[0]?.ended).toMatchObject({ code: 1008 });
  });

  it('closes a socket whose message is too large, or that never introduces itself', async () => {
    await open({ subscriptionLimits: { maxMessageBytes: 1_000, connectionInitMs: 50 } });
    const codeOf = async (first: string | undefined): Promise<number> => {
      const socket = new WebSocket(
        `${world.url.replace('http', 'ws')}/graphql`,
        'graphql-transport-ws',
      );
      await new Promise((resolve) => socket.once('open', resolve));
      if (first) socket.send(first);
      return new Promise((resolve) => socket.once('close', resolve));
    };
    expect(await codeOf('x'.repeat(2_000))).toBe(1009);
    expect(await codeOf('nonsense')).toBe(4400);
    expect(await codeOf('{"id":"1","type":"subscribe","payload":{"query":"{ me { id } }"}}')).toBe(
      4401,
    );
    expect(await codeOf(undefined)).toBe(4408);
  });

  it('opens sockets for pages of its own host and of the allowed ones only', async () => {
    await open({ allowedOrigins: ['https://lyceum.example'] });
    const opens = (origin?: string, path = '/graphql'): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = new WebSocket(
          `${world.url.replace('http', 'ws')}${path}`,
          'graphql-transport-ws',
          origin ? { origin } : {},
        );
        socket.once('open', () => {
          socket.terminate();
          resolve(true);
        });
        socket.once('error', () => resolve(false));
      });
    expect(await opens()).toBe(true);
    expect(await opens(world.url)).toBe(true);
    expect(await opens('https://lyceum.example')).toBe(true);
    expect(await opens('https://evil.example')).toBe(false);
    expect(await opens('null')).toBe(false);
    expect(await opens(undefined, '/elsewhere')).toBe(false);
  });

  it('refuses a socket with a token that is not good', async () => {
    await open();
    expect(
      await subscribe(overWebSocket(world, { authorization: 'Bearer bad' })).ended,
    ).toMatchObject({ code: 4401 });
  });

  it('executes no mutation for a link', async () => {
    await open();
    const url = `${world.url}/graphql?query=${encodeURIComponent('mutation { vote(postId: "p1") { id } }')}`;
    for (const accept of ['text/event-stream', 'application/json']) {
      const response = await fetch(url, { headers: { accept } });
      expect(response.status).toBe(405);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'BAD_INPUT' } }],
      });
    }
    expect(world.content.calls).toHaveLength(0);
  });
});

describe('a new supergraph', () => {
  const withMore = supergraphOf([
    definitions.content,
    {
      ...definitions.identity,
      sdl: definitions.identity.sdl.replace(
        'nickname: String',
        'nickname: String, handles: [String!]',
      ),
    },
    definitions.reputation,
  ]);
  const withoutBadge = supergraphOf([
    definitions.content,
    definitions.identity,
    {
      ...definitions.reputation,
      sdl: definitions.reputation.sdl
        .replace(', badge: String! @requires(fields: "handle")', '')
        .replace('handle: String! @external, ', ''),
    },
  ]);

  it('is switched to without a failed request, under load', async () => {
    await open();
    let isOver = false;
    const results: unknown[] = [];
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const { body } = await ask(
          world.url,
          '{ posts(first: 3) { title author { handle points } } }',
        );
        results.push(body.errors);
      }
    });
    for (const sdl of [withMore, supergraphSdl, withMore, withoutBadge]) {
      const before = results.length;
      await world.gateway.setSupergraph(sdl);
      await until(() => results.length > before + 20);
    }
    isOver = true;
    await Promise.all(load);
    expect(results.filter(Boolean)).toEqual([]);
    expect((await ask(world.url, '{ me { badge } }')).body.errors?.[0]?.extensions['code']).toBe(
      'BAD_INPUT',
    );
  });

  it('keeps open subscriptions that are still valid, and ends the others', async () => {
    await open();
    const kept = subscribe(
      overWebSocket(world),
      'subscription { voted { voter { handle points } } }',
    );
    const ended = subscribe(overWebSocket(world));
    await until(() => votes.listenerCount === 2);
    await world.gateway.setSupergraph(withoutBadge);
    await ended.ended;
    expect(ended.events).toEqual([
      {
        errors: [
          expect.objectContaining({
            extensions: { code: 'BAD_INPUT', requestId: expect.any(String) as string },
          }),
        ],
      },
    ]);
    votes.push({ postId: 'p1', voterId: 'm2' });
    await until(() => kept.events.length === 1);
    expect(kept.events).toEqual([
      { data: { voted: { voter: { handle: 'handle-m2', points: 20 } } } },
    ]);
    expect(world.content.streamsOpened).toBe(2);
    kept.stop();
  });

  it('is refused when it is not valid or names a subgraph without an address', async () => {
    await open();
    await expect(world.gateway.setSupergraph('type Query { a: Int }')).rejects.toThrow();
    const other = supergraphOf([
      ...Object.values(definitions),
      { name: 'other', sdl: 'type Query { other: Int }', resolvers: {} },
    ]);
    await expect(world.gateway.setSupergraph(other)).rejects.toThrow('other');
    expect((await ask(world.url, '{ leaders { id } }')).body.errors).toBeUndefined();
  });
});

describe('closing', () => {
  it('tells streams and sockets, and ends upstreams', async () => {
    await open();
    const overSocket = subscribe(overWebSocket(world));
    const overStream = subscribe(overSse(world) as unknown as Client);
    await oneListener();
    const startedAt = Date.now();
    await world.gateway.close();
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await overStream.ended).toBe('complete');
    expect(['complete', 1001]).toContain(codeOf(await overSocket.ended));
    await until(() => world.content.openStreams === 0);
  });
});
