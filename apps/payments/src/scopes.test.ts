import { fieldsWithoutGuard, rootFieldsWithoutScopes, testWorld } from '@lyceum/testing';
import { createApp, database } from './app';

describe('the scopes of access tokens, in the payments subgraph', () => {
  it('guard every operation, each scope of each', async () => {
    const world = await testWorld({ app: 'payments', database });
    const { schema } = createApp();
    expect(rootFieldsWithoutScopes(schema)).toEqual([]);
    expect(await fieldsWithoutGuard(schema)).toEqual([]);
    await world.close();
  });
});
