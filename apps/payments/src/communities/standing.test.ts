import { newId } from '@lyceum/contracts';
import { subgraphUnavailable, type InternalGraph } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { database } from '../database';
import { aCommunity, aMember } from './membership.factory';
import { membershipOf } from './membership.queries';
import { isVisible, learnStanding } from './standing';

describe("the actor's standing in a community", () => {
  const identity = { asked: 0, answer: {} as Record<string, unknown>, isDown: false };
  const graph: InternalGraph = {
    query: <Data>() => {
      identity.asked += 1;
      if (identity.isDown) return Promise.reject(subgraphUnavailable());
      const nothing = { internalCommunity: null, internalMembership: null };
      return Promise.resolve({ ...nothing, ...identity.answer } as Data);
    },
  };
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database, graph });
  });
  beforeEach(() => Object.assign(identity, { asked: 0, answer: {}, isDown: false }));
  afterAll(() => world.close());

  it('lets anyone see a public community, without asking', async () => {
    expect(await isVisible(world.as(null), await aCommunity(world.db))).toBe(true);
    expect(identity.asked).toBe(0);
  });

  it('lets only active members see a private one, even while identity is down', async () => {
    const communityId = await aCommunity(world.db, { visibility: 'private' });
    const member = await aMember(world.db, { communityId });
    const banned = await aMember(world.db, { communityId, status: 'banned' });
    for (const isDown of [false, true]) {
      identity.isDown = isDown;
      expect(await isVisible(world.as(member), communityId)).toBe(true);
      expect(await isVisible(world.as(banned), communityId)).toBe(false);
      expect(await isVisible(world.as(newId<'Account'>()), communityId)).toBe(false);
      expect(await isVisible(world.as(null), communityId)).toBe(false);
    }
  });

  it('asks identity about a community whose event is on its way', async () => {
    const communityId = newId<'Community'>();
    identity.answer = { internalCommunity: { communityId, slug: 'new', visibility: 'public' } };
    expect(await isVisible(world.as(null), communityId)).toBe(true);
    expect(await isVisible(world.as(null), communityId)).toBe(true);
    expect(identity.asked).toBe(1);
  });

  it('hides a community that nobody knows', async () => {
    expect(await isVisible(world.as(null), newId<'Community'>())).toBe(false);
  });

  it('learns of a membership before a write, once', async () => {
    const of = { communityId: await aCommunity(world.db), accountId: newId<'Account'>() };
    identity.answer = {
      internalMembership: {
        ...of,
        memberId: newId<'Member'>(),
        role: 'owner',
        status: 'active',
        version: 1,
      },
    };
    await learnStanding(world.as(of.accountId), of.communityId);
    await learnStanding(world.as(of.accountId), of.communityId);
    expect(await membershipOf(world.db, of)).toMatchObject({ role: 'owner', version: 1 });
    expect(identity.asked).toBe(1);
  });

  it('refuses to guess when only identity could tell and does not answer', async () => {
    const communityId = await aCommunity(world.db);
    identity.isDown = true;
    await expect(learnStanding(world.as(newId<'Account'>()), communityId)).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
    });
    await expect(learnStanding(world.as(null), communityId)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });
});
