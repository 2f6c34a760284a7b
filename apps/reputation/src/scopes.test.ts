import { fieldsWithoutGuard, rootFieldsWithoutScopes, testWorld } from '@lyceum/testing';
import { scopesOf } from '@lyceum/platform';
import { createApp, database } from './app';

describe('the scopes of access tokens, in the reputation subgraph', () => {
  it('guard every operation, each scope of each', async () => {
    const world = await testWorld({ app: 'reputation', database });
    const { schema } = createApp(world.deps);
    expect(rootFieldsWithoutScopes(schema)).toEqual([]);
    expect(await fieldsWithoutGuard(schema)).toEqual([]);
    await world.close();
  });

  it('let nobody decide on incentives with a token that may only write', async () => {
    const world = await testWorld({ app: 'reputation', database });
    const needed = scopesOf(createApp(world.deps).schema);
    expect(deciding.map((name) => [name, needed.get(`Mutation.${name}`)])).toEqual(
      deciding.map((name) => [name, ['admin']]),
    );
    await world.close();
  });
});

const deciding = [
  'draftRules',
  'editRuleDraft',
  'simulateRules',
  'activateRules',
  'rollBackRules',
  'offerGift',
  'changeGift',
  'decideRedemption',
  'dismissFairPlayCase',
  'configureLeaderboards',
];
