import { newId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { consumersOf } from '../consumers';
import { communityCreated, deliver } from '../deliver.factory';
import { aLivedInWorld, joined, upvote, type LivedIn } from '../lived-in.factory';
import { settleCommunity } from './settle-privileges';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

/** What was told of members' privileges, oldest first; and then forgotten. */
const told = async () => {
  const events = (await emitted(lived.world.db)).filter(
    ({ type }) => type === 'reputation.privileges.changed.v1',
  );
  await lived.world.db.query('DELETE FROM outbox');
  return events.map(({ payload }) => [payload['withheld'], payload['version']]);
};
const send = (events: Parameters<typeof deliver>[2]) =>
  deliver(lived.world.deps, consumersOf(lived.world.deps.signals), events);

const begin = async (preset: string): Promise<{ id: CommunityId; ada: MemberId }> => {
  const [id, ada] = [newId<'Community'>(), newId<'Member'>()];
  await send([communityCreated(id, { preset })]);
  await send([joined(id, ada)]);
  return { id, ada };
};

it('tells what is withheld, and again each time points change that', async () => {
  const { id, ada } = await begin('answer-low');
  expect(await told()).toEqual([[['downvote'], 1]]);
  await send(Array.from({ length: 12 }, () => upvote(id, ada)));
  expect(await told()).toEqual([]); // 121 points
  const last = upvote(id, ada);
  await send([last]);
  expect(await told()).toEqual([[[], 2]]);
  const payload = { ...(last.payload as object), version: 2, value: 0 };
  await send([{ ...last, id: newId<'Event'>(), payload }]);
  expect(await told()).toEqual([[['downvote'], 3]]);
  await settleCommunity(lived.world.as(null), id);
  expect(await told()).toEqual([]);
});

it('says nothing where rules gate nothing', async () => {
  const { id } = await begin('balanced');
  await settleCommunity(lived.world.as(null), id);
  expect(await told()).toEqual([]);
});

it('tells what a member has by its points, which may be more than others do', async () => {
  const { id, ada } = await begin('answer-high');
  await send(Array.from({ length: 10 }, () => upvote(id, ada)));
  const events = await emitted(lived.world.db);
  expect(
    events.filter(({ type }) => type === 'reputation.privileges.changed.v1').at(-1),
  ).toMatchObject({
    payload: { held: ['edit-tags', 'post-links', 'upvote'], version: 2 },
  });
  await told();
});

it('looks at everybody when other rules come into force', async () => {
  const { id } = await begin('answer-low');
  await told();
  await lived.world.db.query(
    `INSERT INTO rule_set (community_id, version, active_from, definition, parameters)
     SELECT community_id, 2, '2021-05-04', jsonb_set(definition, '{privileges}', '[{"name":"upvote","from":15}]'), '{}'
     FROM rule_set WHERE community_id = $1`,
    [id],
  );
  await settleCommunity(lived.world.as(null), id);
  expect(await told()).toEqual([[['upvote'], 2]]);
});

it('shows members what they may do, and what is missing', async () => {
  const { ada } = await begin('answer-medium');
  const [found] = await lived.ask<{ privileges: { name: string }[] }>(
    [{ __typename: 'Member', id: ada }],
    '... on Member { privileges { name from isUnlocked pointsMissing } }',
  );
  expect(found?.privileges).toHaveLength(9);
  expect(found?.privileges.find(({ name }) => name === 'DOWNVOTE')).toEqual({
    ...{ name: 'DOWNVOTE', from: 125, isUnlocked: false, pointsMissing: 124 },
  });
});
