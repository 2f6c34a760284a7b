import { fieldsWithoutGuard, rootFieldsWithoutScopes, testWorld } from '@lyceum/testing';
import { createApp, database } from './app';

describe('the scopes of access tokens, in the content subgraph', () => {
  it('guard every operation, each scope of each', async () => {
    const world = await testWorld({ app: 'content', database });
    const { schema } = createApp(world.deps);
    expect(rootFieldsWithoutScopes(schema)).toEqual([]);
    expect(await fieldsWithoutGuard(schema)).toEqual([]);
    await world.close();
  });
});
