import { importedId, newId, type MemberId } from '@lyceum/contracts';
import { countStatements } from '@lyceum/testing';
import { communityCreated } from '../deliver.factory';
import {
  aLivedInWorld,
  joined,
  membership,
  parameters,
  upvote,
  type LivedIn,
} from '../lived-in.factory';
import { communityId } from '../points/history.arbitrary';
import { dailyPointsInSql } from '../replay/recompute-in-sql';
import { stackExchange } from '../rules';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

const community = { __typename: 'Community', id: communityId };
interface Board {
  leaderboard: {
    edges: { cursor: string; node: { rank: number; points: number; member: { id: MemberId } } }[];
    pageInfo: { endCursor: string; hasNextPage: boolean };
  };
}
const board = async (args: string): Promise<Board['leaderboard']> => {
  const [found] = await lived.ask<Board>(
    [community],
    `... on Community { leaderboard(${args}) { edges { cursor node { rank points member { id } } } pageInfo { endCursor hasNextPage } } }`,
  );
  if (!found) throw new Error('no community');
  return found.leaderboard;
};

describe('leaderboard', () => {
  it.each<[string, string, [string, string]]>([
    ['ALL_TIME', '', ['0001-01-01', '9999-12-31']],
    ['LAST_30_DAYS', '', ['2021-04-05', '2021-05-04']],
    ['LAST_7_DAYS', ', asOf: "2021-05-08"', ['2021-05-02', '2021-05-08']],
    ['ALL_TIME', ', asOf: "2021-05-02"', ['0001-01-01', '2021-05-02']],
  ])(
    '%s%s equals the recomputation from the log, with dense ranks',
    async (window, asOf, [from, to]) => {
      const { edges } = await board(`window: ${window}${asOf}, first: 100`);

      const days = await dailyPointsInSql(lived.world.db, communityId, {
        definition: stackExchange,
        parameters,
      });
      const sums = new Map<string, number>();
      for (const { memberId, day, points } of days)
        if (day >= from && day <= to) sums.set(memberId, (sums.get(memberId) ?? 0) + points);
      const totals = [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      const distinct = [...new Set(totals.map(([, points]) => points))];
      expect(edges.map(({ node }) => [node.member.id, node.points, node.rank])).toEqual(
        totals.map(([id, points]) => [id, points, distinct.indexOf(points) + 1]),
      );
      expect(edges.length).toBeGreaterThan(3);
    },
  );

  it('pages without a gap, and ranks go on over pages', async () => {
    for (const args of ['window: ALL_TIME', 'window: LAST_7_DAYS']) {
      const whole = await board(`${args}, first: 100`);
      const paged: Board['leaderboard']['edges'] = [];
      for (let after = ''; ;) {
        const page = await board(`${args}, first: 2${after}`);
        paged.push(...page.edges);
        if (!page.pageInfo.hasNextPage) break;
        after = `, after: "${page.pageInfo.endCursor}"`;
      }
      expect(paged).toEqual(whole.edges);
    }
  });

  it('shares ranks between equals, leaves out who left, and staff only where the community says so', async () => {
    const id = newId<'Community'>();
    const members = ['ada', 'bob', 'cem', 'dan'].map((name) => importedId<'Member'>('board', name));
    const [ada, bob, cem, dan] = members as [MemberId, MemberId, MemberId, MemberId];
    await lived.receive([
      communityCreated(id),
      ...members.map((memberId) => joined(id, memberId)),
      ...[ada, bob, cem].map((author) => upvote(id, author)),
      ...[ada, bob].map((author) => upvote(id, author)),
      membership(id, dan, { role: 'admin' }),
    ]);
    const places = async () => {
      const found = await lived.ask<Board>(
        [{ __typename: 'Community', id }],
        '... on Community { leaderboard(first: 10) { edges { node { rank points member { id } } } } }',
      );
      return new Map(found[0]?.leaderboard.edges.map(({ node }) => [node.member.id, node.rank]));
    };
    expect(await places()).toEqual(
      new Map([
        [ada, 1],
        [bob, 1],
        [cem, 2],
        [dan, 3],
      ]),
    );
    const ranks = await lived.ask(
      members.map((member) => ({ __typename: 'Member', id: member })),
      '... on Member { rank points }',
    );
    expect(ranks).toEqual([
      { rank: 1, points: 21 },
      { rank: 1, points: 21 },
      { rank: 2, points: 11 },
      { rank: 3, points: 1 },
    ]);

    await lived.receive([
      membership(id, ada, { status: 'left', version: 2 }),
      membership(id, ada, { status: 'active', version: 1 }),
    ]);
    expect(await places()).toEqual(
      new Map([
        [bob, 1],
        [cem, 2],
        [dan, 3],
      ]),
    );
    await lived.world.db.query('UPDATE community SET is_staff_ranked = false WHERE id = $1', [id]);
    expect(await places()).toEqual(
      new Map([
        [bob, 1],
        [cem, 2],
      ]),
    );
    expect(
      await lived.ask([{ __typename: 'Member', id: dan }], '... on Member { rank points }'),
    ).toEqual([{ rank: null, points: 1 }]);
  });

  it.each([
    'first: 0',
    'first: 101',
    'first: 100000',
    'asOf: "0000-01-01"',
    'after: "x"',
    'after: "WyJxdWVzdGlvbnMiLDFd"',
  ])('refuses %s', async (args) => {
    await expect(board(args)).rejects.toMatchObject({ extensions: { code: 'BAD_INPUT' } });
  });

  it('refuses the cursor of another window', async () => {
    const { pageInfo } = await board('window: ALL_TIME, first: 1');
    await expect(
      board(`window: LAST_7_DAYS, after: "${pageInfo.endCursor}"`),
    ).rejects.toMatchObject({
      extensions: { code: 'BAD_INPUT' },
    });
  });
});

it('gives many communities their boards in one statement', async () => {
  const counter = countStatements(lived.world.deps);
  await lived.ask(
    [
      community,
      ...Array.from({ length: 20 }, () => ({ __typename: 'Community', id: newId<'Community'>() })),
    ],
    '... on Community { leaderboard(first: 3) { edges { node { rank points member { points } } } } engagement(from: "2021-05-01", to: "2021-05-02") { votes } }',
  );
  expect(counter.stop()).toHaveLength(3);
});
