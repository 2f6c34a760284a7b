import { newId, type MemberId } from '@lyceum/contracts';
import { countStatements } from '@lyceum/testing';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, joined, type LivedIn } from '../lived-in.factory';
import { communityId } from './history.arbitrary';
import { query } from '../sql';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

interface Why {
  points: number;
  pointEntries: {
    edges: {
      node: {
        points: number;
        reason: string;
        occurredAt: string;
        rule: { name: string; version: number };
        subject: { __typename: string } | null;
      };
    }[];
    pageInfo: { endCursor: string; hasNextPage: boolean };
  };
}

it('explains every point: entries add up, each with its rule, reason and subject', async () => {
  const members = await query<{ id: MemberId }>(
    lived.world.db,
    'SELECT member_id AS id FROM member_standing WHERE community_id = $1',
    [communityId],
  );
  expect(members.length).toBeGreaterThan(3);
  for (const { id } of members) {
    const entries: Why['pointEntries']['edges'] = [];
    let points: number;
    for (let after = ''; ;) {
      const [why] = await lived.ask<Why>(
        [{ __typename: 'Member', id }],
        `... on Member { points pointEntries(first: 7${after}) { edges { node { points reason rule { name version } occurredAt activityId subject { __typename } } } pageInfo { endCursor hasNextPage } } }`,
      );
      if (!why) throw new Error('no member');
      points = why.points;
      entries.push(...why.pointEntries.edges);
      if (!why.pointEntries.pageInfo.hasNextPage) break;
      after = `, after: "${why.pointEntries.pageInfo.endCursor}"`;
    }
    expect(entries.reduce((sum, entry) => sum + entry.node.points, 0)).toBe(points);
    const times = entries.map((entry) => entry.node.occurredAt);
    expect(times).toEqual(times.toSorted().reverse());
    for (const entry of entries) {
      expect(entry.node.reason.length).toBeGreaterThan(10);
      expect(entry.node.rule.version).toBe(1);
      const { name } = entry.node.rule;
      const isPlain = ['starting-points', 'floor'].includes(name) || name.startsWith('grant:');
      expect(entry.node.subject === null).toBe(isPlain);
    }
  }
});

it('gives 100 members their points, rank, level and entries in a bounded number of statements', async () => {
  const id = newId<'Community'>();
  const members = Array.from({ length: 100 }, () => newId<'Member'>());
  await lived.receive([communityCreated(id), ...members.map((memberId) => joined(id, memberId))]);
  const cost = async (count: number) => {
    const counter = countStatements(lived.world.deps);
    const found = await lived.ask<{ points: number; rank: number; level: { name: string } }>(
      members.slice(0, count).map((memberId) => ({ __typename: 'Member', id: memberId })),
      '... on Member { points rank level { number name from } pointEntries(first: 3) { edges { node { points reason rule { name } } } } }',
    );
    expect(found[0]).toMatchObject({
      points: 1,
      rank: 1,
      level: { number: 1, name: 'Newcomer', from: 1 },
    });
    return counter.stop().length;
  };
  expect(await cost(100)).toBe(await cost(2));
  expect(await cost(100)).toBeLessThanOrEqual(4);
});

it('knows nothing of unknown members, and says so', async () => {
  const [unknown] = await lived.ask(
    [{ __typename: 'Member', id: newId() }],
    '... on Member { points rank level { name } pointEntries { edges { cursor } } }',
  );
  expect(unknown).toEqual({ points: 0, rank: null, level: null, pointEntries: { edges: [] } });
  expect(
    await lived.ask([{ __typename: 'Member', id: "x' OR 1=1" }], '... on Member { points }'),
  ).toEqual([null]);
});
