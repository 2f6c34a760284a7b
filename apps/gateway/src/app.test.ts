import { aWorld, ask, type World } from './testing/world';

describe('the gateway', () => {
  let world: World;
  beforeAll(async () => {
    world = await aWorld();
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
});
