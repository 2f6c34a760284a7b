import { createRevocationList } from '@lyceum/platform';
import type { CloseCode } from 'graphql-ws';
import type { GatewayOptions } from '../app';
import { expected, oneListener, overSse, overWebSocket, subscribe } from '../testing/listening';
import { aWorld, until, votes, type World } from '../testing/world';

let world: World;
const open = async (options: Partial<GatewayOptions> = {}): Promise<World> => {
  world = await aWorld(options);
  return world;
};
afterEach(() => world.close());

describe.each([
  [
    'WebSocket',
    (authorization?: string) => overWebSocket(world, authorization ? { authorization } : {}),
  ],
  ['SSE', (authorization?: string) => overSse(world, authorization ? { authorization } : {})],
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

  it('ends when its session is ended, and no other does', async () => {
    const revocations = createRevocationList();
    await open({ revocations });
    const [ended, kept] = [subscribe(connect('Bearer me')), subscribe(connect('Bearer you'))];
    await until(() => votes.listenerCount === 2);
    revocations.add(['session of me']);
    const end = await ended.ended;
    if (end === 'complete') {
      expect(ended.events.at(-1)).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    } else {
      expect(end).toMatchObject({ code: 4401 satisfies CloseCode.Unauthorized });
    }
    await until(() => world.content.openStreams === 1);
    votes.push({ postId: 'p1', voterId: 'm1' });
    await until(() => kept.events.length === 1);
    kept.stop();
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
