import { newId } from '@lyceum/contracts';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, aVote, joined, type LivedIn } from '../lived-in.factory';
import { ruleSetDefinition, stackExchange } from '../rules';
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

it('asks for what the rules of the community say, and forgives what other rules ask for two weeks', async () => {
  const [id, ada] = [newId<'Community'>(), newId<'Member'>()];
  lived.world.setNow('2021-06-01T12:00:00Z');
  await lived.receive([communityCreated(id), joined(id, ada)]);
  await lived.receive(
    [1, 2, 3].map(() => aVote(id, { author: ada, value: 1, occurredAt: '2021-05-30T10:00:00Z' })),
  );
  const rulesFrom = async (version: number, day: string, trust: object[]) => {
    const definition = { ...stackExchange, trust };
    expect(ruleSetDefinition.safeParse(definition).success).toBe(true);
    await lived.world.db.query(
      `INSERT INTO rule_set (community_id, version, active_from, definition, parameters) VALUES ($1, $2, $3, $4, '{}')`,
      [id, version, day, JSON.stringify(definition)],
    );
  };
  const known = { name: 'Known', bars: { likesReceived: 3 } };
  await rulesFrom(2, '2021-06-01', [known]);
  await rulesFrom(3, '2021-06-03', [{ ...known, bars: { likesReceived: 4 } }]);
  const trustOn = async (day: string) => {
    lived.world.setNow(`${day}T12:00:00Z`);
    await settleTrustOf(lived.world.as(null), id);
    const [found] = await lived.ask<{ trust: unknown }>(
      [{ __typename: 'Member', id: ada }],
      '... on Member { trust { level name next { name needed has } } }',
    );
    return found?.trust;
  };
  expect(await trustOn('2021-06-01')).toEqual({ level: 1, name: 'Known', next: [] });
  expect(await trustOn('2021-06-14')).toMatchObject({ level: 1 });
  expect(await trustOn('2021-06-15')).toEqual({
    ...{ level: 0, name: 'New', next: [{ name: 'likesReceived', needed: 4, has: 3 }] },
  });
  const [community] = await lived.ask<{ trustLevels: unknown }>(
    [{ __typename: 'Community', id }],
    '... on Community { trustLevels { level name bars { name needed } } }',
  );
  expect(community?.trustLevels).toEqual([
    { level: 1, name: 'Known', bars: [{ name: 'likesReceived', needed: 4 }] },
  ]);
});
