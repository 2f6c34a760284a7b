import type { GatewayOptions } from '../app';
import { overSse, overWebSocket, oneListener, subscribe } from '../testing/listening';
import { aWorld, until, votes, type World } from '../testing/world';

let world: World;
const open = async (options: Partial<GatewayOptions> = {}): Promise<World> => {
  world = await aWorld(options);
  return world;
};
afterEach(() => world.close());

describe('sharing', () => {
  it('opens one upstream and asks once an event for all clients of equal rights', async () => {
    await open();
    const anonymous = Array.from({ length: 20 }, (_, index) =>
      subscribe(index % 2 ? overWebSocket(world) : overSse(world)),
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
