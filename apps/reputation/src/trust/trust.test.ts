import { newId } from '@lyceum/contracts';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, aVote, joined, type LivedIn } from '../lived-in.factory';
import { query } from '../sql';
import { settleTrustOf } from './settle-trust.job';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

it('measures members by what they did and read, and tells them what the next level asks for', async () => {
  const [id, ada, bob] = [newId<'Community'>(), newId<'Member'>(), newId<'Member'>()];
  await lived.receive([
    communityCreated(id),
    ...[joined(id, ada), joined(id, bob)],
    ...[1, 2, 3].map((day) =>
      aVote(id, {
        author: ada,
        voter: bob,
        value: 1,
        occurredAt: `2021-05-0${String(day)}T10:00:00Z`,
      }),
    ),
  ]);
  await settleTrustOf(lived.world.as(null), id);
  const trust = async () => {
    const [found] = await lived.ask<{ trust: unknown }>(
      [{ __typename: 'Member', id: ada }],
      '... on Member { trust { level name since next { name needed has } } }',
    );
    return found?.trust;
  };
  expect(await trust()).toMatchObject({
    ...{ level: 0, name: 'New', since: '2021-05-04T12:00:00.000Z' },
    next: [
      { name: 'topicsEntered', needed: 5, has: 0 },
      { name: 'postsRead', needed: 30, has: 0 },
      { name: 'minutesRead', needed: 10, has: 0 },
    ],
  });
  const [row] = await query<{ facts: Record<string, number> }>(
    lived.world.db,
    'SELECT facts FROM member_trust WHERE member_id = $1',
    [ada],
  );
  expect(row?.facts).toMatchObject({
    ...{ likesReceived: 3, recentLikers: 1, recentLikedDays: 3, daysVisited: 1, likesGiven: 0 },
  });
  await lived.world.db.query('UPDATE member_trust SET level = 2 WHERE member_id = $1', [ada]);
  await settleTrustOf(lived.world.as(null), id);
  expect(await trust()).toMatchObject({ level: 2 }); // not within two weeks
  lived.world.setNow('2021-05-19T00:00:00Z');
  await settleTrustOf(lived.world.as(null), id);
  expect(await trust()).toMatchObject({ level: 1, name: 'Basic' });
});
