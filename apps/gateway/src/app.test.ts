import { connect } from 'node:net';
import { aWorld, ask, until, type World } from './testing/world';

describe('queries through the gateway', () => {
  let world: World;
  beforeAll(async () => {
    world = await aWorld({ deadlines: { fetchMs: 400, connectMs: 300 } });
  });
  afterAll(() => world.close());
  beforeEach(() => {
    for (const stub of [world.content, world.identity, world.reputation]) {
      stub.calls.length = 0;
      stub.delayMs = 0;
      stub.answer = undefined;
    }
  });

  it('joins fields of three subgraphs', async () => {
    const { body, status } = await ask(
      world.url,
      '{ posts(first: 4) { title author { handle points badge } } leaders { handle } }',
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        posts: [0, 1, 2, 0].map((member, index) => ({
          title: `Post ${String(index)}`,
          author: {
            handle: `handle-m${String(member)}`,
            points: member * 10,
            badge: `badge of handle-m${String(member)}`,
          },
        })),
        leaders: [{ handle: 'handle-m2' }, { handle: 'handle-m0' }],
      },
    });
  });

  it('asks for each distinct entity once', async () => {
    await ask(world.url, '{ posts(first: 12) { author { handle } } }');
    expect(world.identity.calls).toHaveLength(1);
    expect(world.identity.calls[0]?.variables['representations']).toEqual([
      { __typename: 'Member', id: 'm0' },
      { __typename: 'Member', id: 'm1' },
      { __typename: 'Member', id: 'm2' },
    ]);
  });

  it('reports an error of one entity at every place that the entity has', async () => {
    const { body } = await ask(world.url, '{ posts(first: 5) { author { nickname handle } } }');
    expect(body.errors?.map(({ path }) => path)).toEqual([
      ['posts', 1, 'author', 'nickname'],
      ['posts', 4, 'author', 'nickname'],
    ]);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', service: 'identity' });
    expect(body.data).toMatchObject({
      posts: [
        { author: { nickname: 'nick-m0' } },
        { author: { nickname: null, handle: 'handle-m1' } },
        {},
        {},
        {},
      ],
    });
  });

  it('names the right items when only some of a list are asked for', async () => {
    const { body } = await ask(
      world.url,
      '{ search { ... on Member { nickname } ... on Post { title } } }',
    );
    expect(body.errors?.map(({ path }) => path)).toEqual([['search', 0, 'nickname']]);
    expect(body.data).toEqual({
      search: [{ nickname: null }, { title: 'Post 1' }, { nickname: 'nick-m2' }],
    });
  });

  it('survives an entity that its subgraph does not know', async () => {
    world.content.answer = (response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          data: {
            posts: [
              { author: { __typename: 'Member', id: 'm9' } },
              { author: { __typename: 'Member', id: 'm0' } },
            ],
          },
        }),
      );
    };
    const { body } = await ask(world.url, '{ posts { author { nickname } } }');
    expect(body).toEqual({
      data: { posts: [{ author: { nickname: null } }, { author: { nickname: 'nick-m0' } }] },
    });
  });

  it('treats names of what objects inherit as names of fields', async () => {
    const { body } = await ask(
      world.url,
      '{ posts(first: 1) { __proto__: title constructor: author { toString: handle hasOwnProperty: id } } }',
    );
    expect(JSON.stringify(body)).toBe(
      '{"data":{"posts":[{"__proto__":"Post 0","constructor":{"toString":"handle-m0","hasOwnProperty":"m0"}}]}}',
    );
  });

  it('forwards the token and the request id to every subgraph, and signs', async () => {
    const headers = { authorization: 'Bearer someone', 'x-request-id': 'request-4711' };
    const reply = await ask(world.url, '{ posts(first: 1) { author { handle } } }', { headers });
    expect(reply.headers.get('x-request-id')).toBe('request-4711');
    for (const call of [...world.content.calls, ...world.identity.calls]) {
      expect(call.headers).toMatchObject(headers);
      expect(call.headers['x-lyceum-gateway']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    }
    expect(reply.body.errors).toBeUndefined();
  });

  it('answers what it can when a subgraph is down, and everything when it is back', async () => {
    await world.identity.stop();
    const query = '{ posts(first: 2) { title author { handle points } } }';
    const { body, status } = await ask(world.url, query);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      posts: [
        { title: 'Post 0', author: null },
        { title: 'Post 1', author: null },
      ],
    });
    expect(body.errors?.[0]?.extensions).toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
      service: 'identity',
    });
    expect(body.errors?.[0]?.extensions['requestId']).toEqual(expect.any(String));

    await world.identity.restart();
    let last = await ask(world.url, query);
    const deadline = Date.now() + 5_000;
    while (last.body.errors && Date.now() < deadline) last = await ask(world.url, query);
    expect(last.body.errors).toBeUndefined();
  });

  it('stops waiting for a slow subgraph at the deadline', async () => {
    world.reputation.delayMs = 3_000;
    const startedAt = Date.now();
    const { body } = await ask(world.url, '{ posts(first: 1) { title author { handle points } } }');
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'TIMEOUT', service: 'reputation' });
    expect(body.data).toMatchObject({ posts: [{ title: 'Post 0' }] });
  });

  it('opens the circuit of a subgraph that keeps failing, and closes it again', async () => {
    world.reputation.delayMs = 3_000;
    for (let call = 0; call < 6; call += 1) await ask(world.url, '{ leaders { id } }');
    const calls = world.reputation.calls.length;
    const startedAt = Date.now();
    const { body } = await ask(world.url, '{ leaders { id } }');
    expect(Date.now() - startedAt).toBeLessThan(300);
    expect(body.errors?.[0]?.extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
    expect(world.reputation.calls).toHaveLength(calls);

    world.reputation.delayMs = 0;
    let isBack = false;
    const deadline = Date.now() + 5_000;
    while (!isBack && Date.now() < deadline) {
      isBack = (await ask(world.url, '{ leaders { id } }')).body.errors === undefined;
    }
    expect(isBack).toBe(true);
  });

  it.each([
    ['no JSON', 200, 'nonsense'],
    ['a server error', 500, 'oops'],
    ['null', 200, 'null'],
  ])('takes %s for no answer', async (_, status, text) => {
    world.content.answer = (response) => {
      response.statusCode = status;
      response.end(text);
    };
    const { body } = await ask(world.url, '{ post(id: "p1") { title } leaders { id } }');
    expect(body.data).toEqual({ post: null, leaders: [{ id: 'm2' }, { id: 'm0' }] });
    expect(body.errors?.map(({ extensions }) => extensions['code'])).toEqual([
      'SUBGRAPH_UNAVAILABLE',
    ]);
  });

  it('sends a query again after a lost connection, but never a mutation', async () => {
    const cut = (): void => {
      let cuts = 0;
      world.content.answer = (response) => {
        if ((cuts += 1) === 1) return void response.socket?.destroy();
        response.end('{"data":{"post":{"title":"second"},"vote":{"title":"second"}}}');
      };
    };
    cut();
    expect((await ask(world.url, '{ post(id: "p1") { title } }')).body).toEqual({
      data: { post: { title: 'second' } },
    });

    world.content.calls.length = 0;
    cut();
    const { body } = await ask(world.url, 'mutation { vote(postId: "p1") { title } }');
    expect(body.errors?.[0]?.extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
    expect(world.content.calls).toHaveLength(1);
  });

  it('executes mutations one after the other', async () => {
    const { body } = await ask(
      world.url,
      'mutation { a: slow(name: "one") vote(postId: "p2") { score author { points } } b: slow(name: "two") }',
    );
    expect(body).toEqual({
      data: { a: 'one', vote: { score: 2, author: { points: 20 } }, b: 'two' },
    });
    expect(Object.keys(body.data as object)).toEqual(['a', 'vote', 'b']);
  });

  it('gives up calls nobody waits for, except mutations', async () => {
    world.content.delayMs = 100;
    let finished = 0;
    world.content.answer = (response) => {
      response.once('finish', () => (finished += 1));
      response.end('{"data":{"vote":{"title":"done"},"posts":[]}}');
    };
    const leave = async (query: string): Promise<void> => {
      const abort = new AbortController();
      const request = fetch(`${world.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: abort.signal,
      }).catch(() => undefined);
      const before = world.content.calls.length;
      await until(() => world.content.calls.length > before);
      abort.abort();
      await request;
    };
    await leave('{ posts { title } }');
    await leave('mutation { vote(postId: "p1") { title } }');
    await until(() => finished === 1);
  });

  it('keeps what a subgraph says of an error, and masks what it does not say', async () => {
    const known = await ask(world.url, '{ fails }');
    expect(known.body.errors?.[0]).toMatchObject({
      message: 'Not found here.',
      path: ['fails'],
      extensions: { code: 'NOT_FOUND' },
    });

    world.content.answer = (response) => {
      response.end(
        '{"data":{"fails":null},"errors":[{"message":"password is hunter2","path":["fails"],"extensions":{"stacktrace":["at secret.ts"]}}]}',
      );
    };
    const unknown = await ask(world.url, '{ fails }');
    expect(unknown.body.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['fails'],
        extensions: { code: 'INTERNAL', requestId: expect.any(String) as unknown },
      },
    ]);
  });

  it('says so when the schema allows no null and there is one', async () => {
    world.content.answer = (response) => void response.end('{"data":{}}');
    const { body } = await ask(world.url, '{ must }');
    expect(body).toEqual({
      data: null,
      errors: [
        {
          message: 'Something went wrong on our side.',
          path: ['must'],
          extensions: { code: 'INTERNAL', requestId: expect.any(String) as unknown },
        },
      ],
    });
  });

  it('answers nothing to a token that is not good', async () => {
    const { status, body } = await ask(world.url, '{ leaders { id } }', {
      headers: { authorization: 'Bearer bad' },
    });
    expect(status).toBe(401);
    expect(body).toEqual({
      errors: [
        {
          message: 'The access token is not valid.',
          extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) as unknown },
        },
      ],
    });
    expect(world.reputation.calls).toHaveLength(0);
  });
});

describe('health and metrics', () => {
  it('is ready once every subgraph was, and degraded when one goes down later', async () => {
    const world = await aWorld();
    const ready = async () => {
      const response = await fetch(`${world.url}/health/ready`);
      return [response.status, await response.json()];
    };
    await world.identity.stop();
    expect(await ready()).toEqual([
      503,
      {
        status: 'not ready',
        subgraphs: { content: 'ready', identity: 'down', reputation: 'ready' },
      },
    ]);
    await world.identity.restart();
    expect(await ready()).toEqual([200, expect.objectContaining({ status: 'ready' })]);
    await world.identity.stop();
    expect(await ready()).toEqual([200, expect.objectContaining({ status: 'degraded' })]);
    expect((await fetch(`${world.url}/health/live`)).status).toBe(200);

    await ask(world.url, '{ leaders { id } }');
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    expect(metrics).toMatch(
      /lyceum_request_seconds_count\{app="gateway",kind="query",status="ok"\} 1/,
    );
    expect(metrics).toMatch(
      /lyceum_subgraph_fetch_seconds_count\{app="gateway",subgraph="reputation",status="ok"\} 1/,
    );
    expect(metrics).toContain('lyceum_subscriptions{app="gateway"} 0');
    await world.identity.restart();
    await world.close();
  });

  it('does not wait at its close for connections that nobody uses', async () => {
    const world = await aWorld();
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
    const isClosed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    await ask(world.url, '{ leaders { id } }');
    const closedAt = Date.now();
    await world.close();
    expect(Date.now() - closedAt).toBeLessThan(1_000);
    await isClosed;
  });

  it('lets a request under way finish when it is closed', async () => {
    const world = await aWorld();
    world.reputation.delayMs = 300;
    const reply = ask(world.url, '{ leaders { id } }');
    await until(() => world.reputation.calls.length === 1);
    const closedAt = Date.now();
    await world.gateway.close();
    expect(Date.now() - closedAt).toBeLessThan(2_000);
    expect((await reply).body).toEqual({ data: { leaders: [{ id: 'm2' }, { id: 'm0' }] } });
    await expect(ask(world.url, '{ leaders { id } }')).rejects.toThrow();
    await Promise.all([world.content.stop(), world.identity.stop(), world.reputation.stop()]);
  });
});
