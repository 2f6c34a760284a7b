import type { GatewayOptions } from '../app';
import { endOf, oneListener, overSse, overWebSocket, subscribe } from '../testing/listening';
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

let world: World;
const open = async (options: Partial<GatewayOptions> = {}): Promise<World> => {
  world = await aWorld(options);
  return world;
};
afterEach(() => world.close());

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
    const overStream = subscribe(overSse(world));
    await oneListener();
    const startedAt = Date.now();
    await world.gateway.close();
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await overStream.ended).toBe('complete');
    expect(['complete', 1001]).toContain(endOf(await overSocket.ended));
    await until(() => world.content.openStreams === 0);
  });
});
