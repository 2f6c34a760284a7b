import { testWorld, type TestWorld } from '@lyceum/testing';
import { createApp, database } from './app';

describe('createApp', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'identity', database });
  });
  afterAll(() => world.close());

  it('builds a subgraph', () => {
    const { schema } = createApp(world.deps, { signingKeys: [] });
    expect(schema.getQueryType()?.getFields()['community']).toBeDefined();
  });
});
