import WebSocket from 'ws';
import type { GatewayOptions } from '../app';
import { oneListener, overWebSocket, subscribe } from '../testing/listening';
import { aWorld, until, votes, type World } from '../testing/world';

let world: World;
const open = async (options: Partial<GatewayOptions> = {}): Promise<World> => {
  world = await aWorld(options);
  return world;
};
afterEach(() => world.close());

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
    const query = `subscription { voted { post { ${Array.from({ length: 15 }, (_, index) => `a${String(index)}: body`).join(' ')} } } }`;
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
      /subscription_events_total\{status="overflow",app="gateway"\} 1\n/,
    );
    fast.stop();
  }, 40_000);

  it('keeps a client that reads, however many events come at once', async () => {
    await open({ subscriptionLimits: { maxQueuedEvents: 8 } });
    const listening = subscribe(overWebSocket(world), 'subscription { voted { post { id } } }');
    await oneListener();
    for (let event = 0; event < 500; event += 1) votes.push({ postId: 'p1', voterId: 'm1' });
    await until(() => listening.events.length === 500);
    listening.stop();
  });

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
