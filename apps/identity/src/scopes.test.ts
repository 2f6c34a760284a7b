import { fieldsWithoutGuard, rootFieldsWithoutScopes, testWorld } from '@lyceum/testing';
import { scopesOf } from '@lyceum/platform';
import { createApp, database } from './app';

describe('the scopes of access tokens, in the identity subgraph', () => {
  it('guard every operation, each scope of each', async () => {
    const world = await testWorld({ app: 'identity', database });
    const { schema } = createApp(world.deps, { signingKeys: [] });
    expect(rootFieldsWithoutScopes(schema)).toEqual([]);
    expect(await fieldsWithoutGuard(schema)).toEqual([]);
    await world.close();
  });

  it('let nobody run a community with a token that may only write', async () => {
    const world = await testWorld({ app: 'identity', database });
    const { schema } = createApp(world.deps, { signingKeys: [] });
    const needed = scopesOf(schema);
    expect(running.map((name) => [name, needed.get(`Mutation.${name}`)])).toEqual(
      running.map((name) => [name, ['admin']]),
    );
    await world.close();
  });
});

const running = [
  'updateCommunity',
  'changeCommunityVisibility',
  'archiveCommunity',
  'restoreCommunity',
  'publishCharter',
  'setCommunityTopics',
  'setTrial',
  'addMember',
  'changeRole',
  'banMember',
  'liftBan',
  'decideJoinRequest',
  'offerOwnership',
  'inviteToClaim',
];
