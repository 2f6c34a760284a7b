import { importedId, newId, QuestionAsked, AnswerPosted, type MemberId } from '@lyceum/contracts';
import { countStatements } from '@lyceum/testing';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, aVote, joined, upvote, type LivedIn } from '../lived-in.factory';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

/** A community whose members have 1, 11, 21, … points: `n` members, the first with most. */
const aLadder = async (n: number, preset = 'stack-exchange') => {
  const id = newId<'Community'>();
  const members = Array.from({ length: n }, (_, i) => importedId<'Member'>(id, String(i)));
  await lived.receive([
    communityCreated(id, { preset }),
    ...members.map((member) => joined(id, member)),
    ...members.flatMap((member, i) => Array.from({ length: n - 1 - i }, () => upvote(id, member))),
  ]);
  return { id, members };
};

const memberField = async <T>(id: MemberId, selection: string): Promise<T> => {
  const [found] = await lived.ask<T>(
    [{ __typename: 'Member', id }],
    `... on Member { ${selection} }`,
  );
  if (found === undefined) throw new Error('no member');
  return found;
};

interface Neighbours {
  leaderboardNeighbours: { rank: number; points: number; member: { id: MemberId } }[];
}

it('gives the places around any member, with exact ranks', async () => {
  const { members } = await aLadder(12);
  const around = async (i: number) =>
    (
      await memberField<Neighbours>(
        members[i] ?? newId(),
        'leaderboardNeighbours(count: 2) { rank points member { id } }',
      )
    ).leaderboardNeighbours.map(({ rank, points, member }) => [
      rank,
      points,
      members.indexOf(member.id),
    ]);
  expect(await around(5)).toEqual([
    [4, 81, 3],
    [5, 71, 4],
    [6, 61, 5],
    [7, 51, 6],
    [8, 41, 7],
  ]);
  expect((await around(0)).map(([rank]) => rank)).toEqual([1, 2, 3]);
  expect((await around(11)).map(([rank]) => rank)).toEqual([10, 11, 12]);
});

it('explains a rank: what the points are made of, and what separates from the next', async () => {
  const { members } = await aLadder(3);
  const why = async (i: number) =>
    memberField<{ rankExplanation: Record<string, unknown> }>(
      members[i] ?? newId(),
      'rankExplanation { rank points nextRank pointsToNextRank sentence madeOf { rule points times } waysUp { rule times } }',
    );
  expect((await why(1)).rankExplanation).toMatchObject({
    ...{ rank: 2, points: 11, nextRank: 1, pointsToNextRank: 10 },
    sentence: 'Rank 2 with 11 points: 10 more reach rank 1.',
    madeOf: [
      { rule: 'post-upvoted', points: 10, times: 1 },
      { rule: 'starting-points', points: 1, times: 1 },
    ],
    waysUp: [
      { rule: 'question-upvoted', times: 1 },
      { rule: 'post-upvoted', times: 1 },
      { rule: 'answer-accepted', times: 1 },
    ],
  });
  expect((await why(0)).rankExplanation).toMatchObject({
    ...{ rank: 1, nextRank: null, pointsToNextRank: null, waysUp: [] },
    sentence: 'Rank 1 with 21 points: nobody has more.',
  });
});

it('tells how far it is to the next level', async () => {
  const { members } = await aLadder(3, 'one-like-one-point');
  const [most] = members;
  const { levelProgress } = await memberField<{ levelProgress: unknown }>(
    most ?? newId(),
    'levelProgress { level name nextName nextFrom pointsToNext share sentence }',
  );
  expect(levelProgress).toEqual({
    ...{ level: 1, name: 'Level 1', nextName: 'Level 2', nextFrom: 5, pointsToNext: 3, share: 0.4 },
    sentence: '3 more points make a Level 2 of a Level 1.',
  });
});

it('weighs points by their age where standing fades', async () => {
  const id = newId<'Community'>();
  const author = newId<'Member'>();
  await lived.receive([
    communityCreated(id, { preset: 'learning' }),
    ...['2020-11-05', '2021-05-04'].flatMap((day) =>
      Array.from({ length: 4 }, () =>
        aVote(id, { author, value: 1, occurredAt: `${day}T10:00:00Z` }),
      ),
    ),
  ]);
  expect(await memberField(author, 'points currentPoints { points halfLifeDays }')).toEqual({
    points: 40,
    currentPoints: { points: 30, halfLifeDays: 180 }, // 180 days old: half of 20
  });
});

it('hides who does not want to be shown, whose rank stays', async () => {
  const { id } = await aLadder(3);
  const shy = await aMemberAs(lived, { role: 'member', communityId: id });
  await lived.receive([upvote(id, shy.memberId)]);
  const input = { communityId: id, isShown: false };
  const board = async () => {
    const [found] = await lived.ask<{
      leaderboard: { edges: { node: { rank: number; points: number } }[] };
    }>(
      [{ __typename: 'Community', id }],
      '... on Community { leaderboard { edges { node { rank points } } } }',
    );
    return found?.leaderboard.edges.map(({ node }) => [node.rank, node.points]);
  };
  const outcome = await outcomeAs(lived, shy.accountId, { mutation: 'showOnLeaderboards', input });
  expect(outcome).toMatchObject({ __typename: 'Member' });
  expect(await board()).toEqual([
    [1, 21],
    [2, 11],
    [4, 1],
  ]);
  expect(await memberField(shy.memberId, 'rank')).toEqual({ rank: 3 });
  await expect(
    outcomeAs(lived, null, { mutation: 'showOnLeaderboards', input }),
  ).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
});

it('lets owners leave the staff off the boards, and nobody else', async () => {
  const { id } = await aLadder(2);
  const [owner, member] = await Promise.all([
    aMemberAs(lived, { role: 'owner', communityId: id }),
    aMemberAs(lived, { role: 'member', communityId: id }),
  ]);
  const input = { communityId: id, isStaffRanked: false };
  const configure = (who: typeof owner) =>
    outcomeAs(lived, who.accountId, { mutation: 'configureLeaderboards', input });
  expect(await configure(member)).toMatchObject({ code: 'NOT_COMMUNITY_ADMIN' });
  expect(await memberField(owner.memberId, 'rank')).toEqual({ rank: 3 });
  expect(await configure(owner)).toMatchObject({ __typename: 'Community' });
  expect(await memberField(owner.memberId, 'rank')).toEqual({ rank: null });
});

it('has boards of this month, of this week and of a topic', async () => {
  const id = newId<'Community'>();
  const [ada, bob] = [newId<'Member'>(), newId<'Member'>()];
  const question = newId<'Question'>();
  const answer = newId<'Answer'>();
  const ask = anEvent(
    QuestionAsked,
    { communityId: id, questionId: question, authorId: ada, tags: ['css'] },
    { occurredAt: '2021-05-04T09:00:00Z' },
  );
  const reply = anEvent(
    AnswerPosted,
    { communityId: id, questionId: question, answerId: answer, authorId: bob },
    { occurredAt: '2021-05-04T09:30:00Z' },
  );
  const up = aVote(id, { author: bob, value: 1, occurredAt: '2021-05-04T10:00:00Z' });
  await lived.receive([
    communityCreated(id),
    ...[ask, reply],
    { ...up, payload: { ...(up.payload as object), targetId: answer } },
    aVote(id, { author: ada, value: 1, occurredAt: '2021-05-02T10:00:00Z' }), // a Sunday
    aVote(id, { author: ada, value: 1, occurredAt: '2021-04-30T10:00:00Z' }),
  ]);
  const board = async (args: string) => {
    const [found] = await lived.ask<{
      leaderboard: { edges: { node: { points: number; member: { id: MemberId } } }[] };
    }>(
      [{ __typename: 'Community', id }],
      `... on Community { leaderboard(${args}) { edges { node { points member { id } } } } }`,
    );
    return found?.leaderboard.edges.map(({ node }) => [
      node.member.id === ada ? 'ada' : 'bob',
      node.points,
    ]);
  };
  expect(await board('window: THIS_WEEK')).toEqual([['bob', 10]]);
  expect((await board('window: THIS_MONTH'))?.sort()).toEqual([
    ['ada', 10],
    ['bob', 10],
  ]);
  expect(await board('window: ALL_TIME')).toEqual([
    ['ada', 20],
    ['bob', 10],
  ]);
  expect(await board('window: ALL_TIME, tag: "css"')).toEqual([['bob', 10]]);
  expect(await board('window: ALL_TIME, tag: "html"')).toEqual([]);
});

it('explains 50 members in as many statements as two', async () => {
  const { members } = await aLadder(50);
  const cost = async (count: number) => {
    const counter = countStatements(lived.world.deps);
    await lived.ask(
      members.slice(0, count).map((id) => ({ __typename: 'Member', id })),
      '... on Member { rankExplanation { sentence } levelProgress { share } currentPoints { points } leaderboardNeighbours { rank } }',
    );
    return counter.stop().length;
  };
  expect(await cost(50)).toBe(await cost(2));
});

it.each([0, 26])('refuses %i neighbours', async (count) => {
  await expect(
    askAs(lived, null, {
      source: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Member { leaderboardNeighbours(count: ${String(count)}) { rank } } } }`,
      variables: { of: [{ __typename: 'Member', id: newId() }] },
    }),
  ).rejects.toMatchObject({ extensions: { code: 'BAD_INPUT' } });
});
