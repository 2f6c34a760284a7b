import { fieldsWithoutGuard, rootFieldsWithoutScopes, testWorld } from '@lyceum/testing';
import { createApp, database } from './app';

describe('the scopes of access tokens, in the reputation subgraph', () => {
  it('guard every operation, each scope of each', async () => {
    const world = await testWorld({ app: 'reputation', database });
    const { schema } = createApp(world.deps);
    expect(rootFieldsWithoutScopes(schema)).toEqual([]);
    expect(await fieldsWithoutGuard(schema)).toEqual([]);
    await world.close();
  });
});
