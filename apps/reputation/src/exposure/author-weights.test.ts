import { newId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { emitted, testWorld, type TestWorld } from '@lyceum/testing';
import { consumersOf } from '../consumers';
import { database } from '../database';
import { communityCreated, deliver } from '../deliver.factory';
import { joined, upvote } from '../lived-in.factory';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld({ app: 'reputation', database, now: '2021-05-04T12:00:00Z' });
});
afterAll(() => world.close());

it('tells what an author weighs when its level changes, and of nothing else', async () => {
  const [communityId, memberId]: [CommunityId, MemberId] = [newId(), newId()];
  const receive = (...events: Parameters<typeof deliver>[2]) =>
    deliver(world.deps, consumersOf(world.deps.signals), events);
  const told = async () =>
    (await emitted(world.db))
      .filter(({ type }) => type === 'reputation.author-weight.changed.v1')
      .map(({ payload }) => [payload['weight'], payload['version']]);
  await receive(communityCreated(communityId, { preset: 'one-like-one-point' }));
  await receive(joined(communityId, memberId));
  expect(await told()).toEqual([]);
  const votes = Array.from({ length: 20 }, () => upvote(communityId, memberId));
  await receive(...votes.slice(0, 5));
  expect(await told()).toEqual([[125, 1]]); // level 2 begins at 5
  await receive(...votes.slice(5, 19));
  await receive(...votes.slice(0, 19));
  expect(await told()).toEqual([[125, 1]]);
  await receive(...votes.slice(19));
  expect(await told()).toEqual([
    [125, 1],
    [150, 2],
  ]);
});
