import {
  newId,
  PrizePaid,
  PrizePoolFunded,
  type AccountId,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, now, upvote, type LivedIn } from '../lived-in.factory';
import { rebuildPoints } from '../points/rebuild-points';
import { query } from '../sql';
import { moveNextContest } from './run-contests.job';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
beforeEach(() => {
  lived.world.setNow(now.toISOString());
});
afterAll(() => lived.world.close());

type Somebody = Awaited<ReturnType<typeof aMemberAs>>;
type Outcome = Record<string, unknown>;

const hours = (n: number) => new Date(now.getTime() + n * 3_600_000).toISOString();

/** Opens in an hour, closes in two, is decided in three. */
const usual = {
  kind: 'CONTENT',
  title: 'The best answer of May',
  opensAt: hours(1),
  closesAt: hours(2),
  decidesAt: hours(3),
  criteria: [{ name: 'idea', weight: 1 }],
  shares: [3, 2, 1],
  budget: 600,
};

const act = (who: { accountId: AccountId } | null, mutation: string, input: object) =>
  outcomeAs(lived, who?.accountId ?? null, {
    ...{ mutation, input },
    select: `... on Contest { id status stake pool { amount staked won currency } jury { id } }
      ... on ContestEntry { id title place withdrawnAt removedBecause } ... on ContestNotThere { status }`,
  });

/** A community with an owner and members that have 50 points each, and one contest that was announced. */
const aContest = async (
  told: object = {},
  { members = 3, isAnnounced = true }: { members?: number; isAnnounced?: boolean } = {},
) => {
  const communityId = newId<'Community'>();
  await lived.receive([communityCreated(communityId)]);
  const owner = await aMemberAs(lived, { role: 'owner', communityId });
  const others: Somebody[] = [];
  for (let n = 0; n < members; n += 1) others.push(await aRichMember(communityId));
  const draft = await act(owner, 'draftContest', { communityId, ...usual, ...told });
  const contestId = draft['id'] as string;
  if (isAnnounced) await act(owner, 'announceContest', { contestId });
  return {
    communityId,
    owner,
    contestId,
    draft,
    members: others as [Somebody, Somebody, Somebody],
  };
};

const aRichMember = async (communityId: CommunityId): Promise<Somebody> => {
  const member = await aMemberAs(lived, { role: 'member', communityId });
  await lived.receive(Array.from({ length: 5 }, () => upvote(communityId, member.memberId)));
  return member;
};

/** The clock strikes, and the worker does what is due. */
const at = async (hour: number) => {
  lived.world.setNow(hours(hour));
  const ctx = serviceContext(lived.world.deps, 'test');
  while (await moveNextContest(ctx, undefined));
};

const enter = (who: Somebody, contestId: string, told: object = {}) =>
  act(who, 'enterContest', {
    ...{ contestId, title: 'Mine', body: 'A text', idempotencyKey: newId(), ...told },
  });
const judge = (who: Somebody, entryId: unknown, score: number) =>
  act(who, 'judgeContestEntry', { entryId, scores: [{ criterion: 'idea', score }] });
const vote = (who: Somebody | null, entryId: unknown, isFor = true) =>
  act(who, 'voteForContestEntry', { entryId, isFor });

const pointsOf = async ({ memberId }: Somebody) => {
  const [found] = await lived.ask<{
    points: number;
    spendablePoints: number;
    pointEntries: { edges: { node: { points: number; reason: string } }[] };
  }>(
    [{ __typename: 'Member', id: memberId }],
    '... on Member { points spendablePoints pointEntries(first: 3) { edges { node { points reason } } } }',
  );
  return found;
};

const seen = async (who: Somebody, { communityId }: { communityId: CommunityId }) => {
  const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community { contests { edges { node {
    id status quizKey questions { text choices } pool { amount staked won currency } myEntries { id title }
    entries { edges { node { id place member { id } prize { place amount currency paidAt }
      why { total jury votes quizPoints quizPointsOf tieDecidedBy } } } } } } } } } }`;
  const variables = { of: [{ __typename: 'Community', id: communityId }] };
  const { _entities } = await askAs(lived, who.accountId, { source, variables });
  const [community] = _entities as unknown as { contests: { edges: { node: Seen }[] } }[];
  const [edge] = community?.contests.edges ?? [];
  return edge?.node;
};

interface Seen {
  status: string;
  quizKey: number[][] | null;
  questions: object[];
  pool: object;
  myEntries: { id: string }[];
  entries: { edges: { node: Outcome }[] };
}
const entriesOf = (contest: Seen | undefined) => contest?.entries.edges.map(({ node }) => node);

it('goes from draft to prizes by the clock, with a why for each place and each point', async () => {
  const { communityId, owner, contestId, members } = await aContest({}, { members: 4 });
  const [ada, bob, cem] = members;
  const juror = await aMemberAs(lived, { role: 'member', communityId });
  await act(owner, 'setContestJury', { contestId, memberIds: [juror.memberId] });
  expect(await enter(ada, contestId)).toMatchObject({
    code: 'CONTEST_STATUS_WRONG',
    status: 'DRAFT',
  });

  await at(1);
  const [first, second] = [await enter(ada, contestId), await enter(bob, contestId)];
  expect(entriesOf(await seen(cem, { communityId }))).toEqual([]); // nobody copies from others
  expect((await seen(ada, { communityId }))?.myEntries).toMatchObject([{ id: first['id'] }]);
  expect(await vote(cem, first['id'])).toMatchObject({ code: 'CONTEST_STATUS_WRONG' });

  await at(2);
  expect(await enter(cem, contestId)).toMatchObject({ code: 'CONTEST_STATUS_WRONG' });
  await judge(juror, first['id'], 4);
  await judge(juror, first['id'], 6);
  await judge(juror, second['id'], 8);
  await vote(cem, first['id']);
  await vote(cem, second['id']);
  await vote(cem, second['id'], false);

  await at(3);
  await at(3);
  const contest = await seen(cem, { communityId });
  expect(contest).toMatchObject({
    status: 'DECIDED',
    pool: { amount: '600', staked: '0', won: '500', currency: null },
  });
  expect(entriesOf(contest)).toMatchObject([
    {
      ...{ id: first['id'], place: 1, why: { total: 8000, jury: 6000, votes: 1 } },
      prize: { place: 1, amount: '300' },
    },
    { id: second['id'], place: 2, why: { total: 4000, jury: 8000 }, prize: { amount: '200' } },
  ]);
  expect(await pointsOf(ada)).toMatchObject({
    ...{ points: 350, spendablePoints: 350 },
    pointEntries: {
      edges: [{ node: { points: 300, reason: 'You won a prize in a contest' } }, {}, {}],
    },
  });
});

it('gives the same points again in a replay', async () => {
  const { communityId, contestId, members } = await aContest({ stake: 20, budget: 100 });
  const [ada, bob, cem] = members;
  await at(1);
  const entries = [await enter(ada, contestId), await enter(bob, contestId)];
  const gone = await enter(cem, contestId);
  await act(cem, 'withdrawContestEntry', { entryId: gone['id'] });
  await at(2);
  await vote(cem, entries[0]?.['id']);
  await at(3);
  await lived.receive([]);
  const read = () =>
    query(lived.world.db, 'SELECT * FROM point_entry WHERE community_id = $1 ORDER BY id', [
      communityId,
    ]);
  const live = await read();
  expect(live.filter((row) => String((row as Outcome)['rule']).startsWith('grant:'))).toHaveLength(
    5,
  );
  // 100 in 3 : 2 : 1 gives the first 50; of the stakes it gets all, being alone.
  expect((await pointsOf(ada))?.points).toBe(50 - 20 + 50 + 40);
  expect((await pointsOf(bob))?.points).toBe(30);
  expect((await pointsOf(cem))?.points).toBe(50);
  await lived.world.deps.dataSource.transaction((db) => rebuildPoints(db, communityId));
  expect(await read()).toEqual(live);
});

it('takes no stake that a member does not have, however many entries come at once', async () => {
  const { contestId, members } = await aContest({ stake: 20, entriesPerMember: 5 });
  const [ada] = members;
  await at(1);
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => enter(ada, contestId)));
  const codes = outcomes.map(({ __typename }) => __typename).sort();
  expect(codes.filter((name) => name === 'ContestEntry')).toHaveLength(2);
  expect(codes.filter((name) => name === 'SpendablePointsTooFew')).toHaveLength(4);
  expect((await pointsOf(ada))?.points).toBe(10);
});

it('has so many entries of a member, each once for its key, however many come at once', async () => {
  const { contestId, members } = await aContest({ entriesPerMember: 2 });
  const [ada] = members;
  await at(1);
  const idempotencyKey = newId();
  const same = await Promise.all(
    Array.from({ length: 3 }, () => enter(ada, contestId, { idempotencyKey })),
  );
  expect(new Set(same.map(({ id }) => id)).size).toBe(1);
  const others = await Promise.all(Array.from({ length: 4 }, () => enter(ada, contestId)));
  expect(others.filter(({ code }) => code === 'CONTEST_ENTRIES_TOO_MANY')).toHaveLength(3);
  await act(ada, 'withdrawContestEntry', { entryId: same[0]?.['id'] });
  expect(await enter(ada, contestId)).toMatchObject({ __typename: 'ContestEntry' });
});

it('never pays more than the pool, whoever writes prizes at once', async () => {
  const { contestId, members } = await aContest({ entriesPerMember: 10, budget: 100 });
  await at(1);
  const entries: (readonly [Somebody, Outcome])[] = [];
  for (const member of members) entries.push([member, await enter(member, contestId)] as const);
  await at(2);
  const pay = ([member, entry]: (typeof entries)[number], place: number) =>
    lived.world.db.query(
      `INSERT INTO contest_prize (id, contest_id, entry_id, member_id, place, amount) VALUES ($1, $2, $3, $4, $5, 40)`,
      [newId(), contestId, entry['id'], member.memberId, place],
    );
  const written = await Promise.allSettled(entries.map((entry, index) => pay(entry, index + 1)));
  expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(JSON.stringify(written.map((one) => 'reason' in one && String(one.reason)))).toContain(
    'contest_pays_what_it_has',
  );
});

it('moves along its states only, and its terms stand once it was announced', async () => {
  const { contestId } = await aContest();
  const change = (set: string) =>
    lived.world.db.query(`UPDATE contest SET ${set} WHERE id = $1`, [contestId]);
  await expect(change(`status = 'decided'`)).rejects.toThrow('cannot move');
  await expect(change(`shares = '[1]'`)).rejects.toThrow('terms');
  await at(1);
  await expect(change(`status = 'draft'`)).rejects.toThrow('cannot move');
});

it('lets nobody both judge and compete, vote for an own entry or too often, or judge unasked', async () => {
  const { owner, contestId, members } = await aContest({ votesPerMember: 1 });
  const [ada, bob, cem] = members;
  const jury = (memberIds: MemberId[]) => act(owner, 'setContestJury', { contestId, memberIds });
  await jury([cem.memberId]);
  await at(1);
  expect(await enter(cem, contestId)).toMatchObject({ code: 'ENTRANT_IS_JUROR' });
  const [first, second] = [await enter(ada, contestId), await enter(bob, contestId)];
  expect(await jury([ada.memberId])).toMatchObject({ code: 'ENTRANT_IS_JUROR' });
  expect(await jury([newId<'Member'>()])).toMatchObject({ code: 'CONTEST_INVALID' });
  await expect(
    lived.world.db.query('INSERT INTO contest_juror VALUES ($1, $2)', [contestId, ada.memberId]),
  ).rejects.toThrow('no juror');

  await at(2);
  expect(await vote(ada, first['id'])).toMatchObject({ code: 'OWN_CONTEST_ENTRY' });
  await expect(
    lived.world.db.query('INSERT INTO contest_vote VALUES ($1, $2, $3)', [
      ...[first['id'], ada.memberId, contestId],
    ]),
  ).rejects.toThrow('not judged by that member');
  expect(await judge(bob, first['id'], 10)).toMatchObject({ code: 'NOT_CONTEST_JUROR' });
  expect(await judge(cem, first['id'], 11)).toMatchObject({ code: 'CONTEST_ENTRY_INVALID' });
  const votes = await Promise.all([vote(cem, first['id']), vote(cem, second['id'])]);
  expect(votes.map(({ code }) => code).sort()).toEqual(['CONTEST_VOTES_USED_UP', undefined]);
  await expect(vote(null, first['id'])).rejects.toMatchObject({
    extensions: { code: 'UNAUTHENTICATED' },
  });
});

it('scores a quiz by a key that nobody is told before the end', async () => {
  const questions = [
    {
      text: 'Which own their memory?',
      choices: ['Box', '&str', 'String'],
      right: [0, 2],
      points: 3,
    },
    { text: 'Is it safe?', choices: ['Yes', 'No'], right: [0] },
  ];
  const quiz = { kind: 'QUIZ', questions, shares: [1], criteria: [], closesAt: hours(3) };
  const { communityId, contestId, members } = await aContest(quiz);
  const [ada, bob, cem] = members;
  expect((await seen(ada, { communityId }))?.questions).toEqual([]);
  await at(1);
  expect((await seen(ada, { communityId }))?.questions).toHaveLength(2);
  const answer = (who: Somebody, answers: number[][]) =>
    enter(who, contestId, { title: '', body: null, answers });
  expect(await answer(cem, [[7], []])).toMatchObject({ code: 'CONTEST_ENTRY_INVALID' });
  await answer(ada, [[0, 1, 2], [0]]);
  await answer(bob, [[2, 0], [0]]);
  expect(await answer(bob, [[0], [0]])).toMatchObject({ code: 'CONTEST_ENTRIES_TOO_MANY' });
  expect(JSON.stringify(await seen(bob, { communityId }))).not.toContain('"quizPoints":');
  expect((await seen(bob, { communityId }))?.quizKey).toBeNull();
  await at(3);
  const contest = await seen(cem, { communityId });
  expect(contest?.quizKey).toEqual([[0, 2], [0]]);
  expect(entriesOf(contest)).toMatchObject([
    { member: { id: bob.memberId }, why: { quizPoints: 4, quizPointsOf: 4, total: 10000 } },
    { member: { id: ada.memberId }, why: { quizPoints: 1, total: 2500 }, prize: null },
  ]);
  expect((await pointsOf(bob))?.points).toBe(650);
});

it('gives stakes back whole when it is called off, and when nobody wins', async () => {
  for (const isCancelled of [true, false]) {
    const { owner, contestId, members } = await aContest({ stake: 30, budget: 0 });
    const [ada, bob] = members;
    await at(1);
    await Promise.all([enter(ada, contestId), enter(bob, contestId)]);
    expect((await pointsOf(ada))?.points).toBe(20);
    const cancel = { contestId, reason: 'Too few of you' };
    if (isCancelled) {
      expect(await act(owner, 'cancelContest', { contestId, reason: ' ' })).toMatchObject({
        code: 'CONTEST_INVALID',
      });
      expect(await act(owner, 'cancelContest', cancel)).toMatchObject({ status: 'CANCELLED' });
      await act(owner, 'cancelContest', cancel);
    } else {
      await at(3);
      expect(await act(owner, 'cancelContest', cancel)).toMatchObject({ status: 'DECIDED' });
    }
    expect((await pointsOf(ada))?.points).toBe(50);
    expect((await pointsOf(bob))?.spendablePoints).toBe(50);
  }
});

it('lets owners take an entry out, with a reason, and members their own', async () => {
  const { owner, contestId, members } = await aContest();
  const [ada, bob] = members;
  await at(1);
  const entry = await enter(ada, contestId);
  const withdraw = (who: Somebody, told: object = {}) =>
    act(who, 'withdrawContestEntry', { entryId: entry['id'], ...told });
  expect(await withdraw(bob)).toMatchObject({ code: 'CONTEST_ENTRY_NOT_FOUND' });
  await at(2);
  expect(await withdraw(ada)).toMatchObject({ code: 'CONTEST_STATUS_WRONG' });
  expect(await withdraw(owner)).toMatchObject({ code: 'CONTEST_ENTRY_INVALID' });
  expect(await withdraw(owner, { reason: 'Copied' })).toMatchObject({ removedBecause: 'Copied' });
  expect(await vote(bob, entry['id'])).toMatchObject({ code: 'CONTEST_ENTRY_NOT_FOUND' });
});

it('takes posts of the entrant alone', async () => {
  const { contestId, members } = await aContest();
  await at(1);
  const told = { body: null, postType: 'ANSWER', postId: newId() };
  expect(await enter(members[0], contestId, told)).toMatchObject({ code: 'CONTEST_ENTRY_INVALID' });
  expect(await enter(members[0], contestId, { body: null, link: 'http://x.org' })).toMatchObject({
    code: 'CONTEST_ENTRY_INVALID',
  });
});

describe('for money', () => {
  const funded = (
    contestId: string,
    communityId: CommunityId,
    told: { sum: string; version: number },
  ) =>
    anEvent(PrizePoolFunded, {
      ...{ poolId: contestId, communityId, currency: 'CNY' },
      ...{ fundedMinor: told.sum, version: told.version },
    });
  const told = async (type: string, contestId: string) =>
    (await emitted(lived.world.db))
      .filter((event) => event.type === type && JSON.stringify(event).includes(contestId))
      .map(({ payload }) => payload);

  it('opens once it is funded, tells payments who won, and closes the pool', async () => {
    const { communityId, contestId, members } = await aContest({ budget: 0, currency: 'CNY' });
    const [ada, bob, cem] = members;
    expect(await told('reputation.prize-pool.changed.v1', contestId)).toMatchObject([
      { poolId: contestId, isOpen: true, promisedMinor: '0', version: 1 },
    ]);
    await at(1);
    expect(await enter(ada, contestId)).toMatchObject({ status: 'DRAFT' });
    await lived.receive([
      funded(contestId, communityId, { sum: '60001', version: 2 }),
      funded(contestId, communityId, { sum: '500', version: 1 }), // late
    ]);
    await at(1);
    const first = await enter(ada, contestId);
    await enter(bob, contestId);
    await at(2);
    await vote(cem, first['id']);
    await at(3);
    const before = (await pointsOf(ada))?.points;
    const [prize] = await told('reputation.prize.awarded.v1', contestId);
    expect(prize).toMatchObject({
      ...{ memberId: ada.memberId, points: null },
      money: { poolId: contestId, amountMinor: '30001', currency: 'CNY' },
    });
    expect((await told('reputation.prize-pool.changed.v1', contestId)).at(-1)).toMatchObject({
      ...{ isOpen: false, promisedMinor: '30001', version: 2 },
    });
    expect(before).toBe(50);
    const paid = { prizeId: (prize as { prizeId: never }).prizeId, poolId: contestId };
    expect(entriesOf(await seen(ada, { communityId }))?.[0]?.['prize']).toMatchObject({
      paidAt: null,
    });
    await lived.receive([anEvent(PrizePaid, { ...paid, memberId: ada.memberId })]);
    expect(entriesOf(await seen(ada, { communityId }))?.[0]?.['prize']).toMatchObject({
      ...{ amount: '30001', currency: 'CNY', paidAt: '2021-05-01T12:00:00.000Z' },
    });
  });

  it('is called off when nobody has funded it by the time it would close', async () => {
    const { communityId, contestId, members } = await aContest({ budget: 0, currency: 'CNY' });
    await at(2);
    expect((await seen(members[0], { communityId }))?.status).toBe('CANCELLED');
    expect((await told('reputation.prize-pool.changed.v1', contestId)).at(-1)).toMatchObject({
      ...{ isOpen: false, promisedMinor: '0' },
    });
  });
});

it.each([
  ['a title of nothing', { title: ' ' }],
  ['the past', { opensAt: hours(-1) }],
  ['an end before the beginning', { closesAt: hours(0.5) }],
  ['nothing to win', { budget: 0 }],
  ['points and money', { currency: 'CNY' }],
  ['no currency', { budget: 0, currency: 'POINTS' }],
  ['no places', { shares: [] }],
  ['a share of nothing', { shares: [1, 0] }],
  ['a jury without criteria', { criteria: [] }],
  ['criteria of one name', { criteria: [{ name: 'a' }, { name: 'a ' }] }],
  ['nobody who judges', { juryWeight: 0, votesWeight: 0 }],
  ['a quiz of nothing', { kind: 'QUIZ' }],
  [
    'a question without an answer',
    { kind: 'QUIZ', questions: [{ text: 'x', choices: ['a', 'b'], right: [] }] },
  ],
])('refuses %s', async (_, told) => {
  const { draft } = await aContest(told, { members: 0, isAnnounced: false });
  expect(draft).toMatchObject({ code: 'CONTEST_INVALID' });
});

it('is drafted anew until it is announced, and unseen by members', async () => {
  const { communityId, owner, contestId, members } = await aContest({}, { isAnnounced: false });
  expect(await seen(members[0], { communityId })).toBeUndefined();
  const redraft = () =>
    act(owner, 'draftContest', { communityId, contestId, ...usual, budget: 60 });
  expect(await redraft()).toMatchObject({ id: contestId, pool: { amount: '60' } });
  await act(owner, 'announceContest', { contestId });
  expect(await redraft()).toMatchObject({ code: 'CONTEST_STATUS_WRONG' });
});

it.each(['draftContest', 'announceContest', 'cancelContest', 'setContestJury'])(
  '%s is for owners and admins',
  async (mutation) => {
    const { communityId, contestId, members } = await aContest();
    const input = {
      draftContest: { communityId, ...usual },
      announceContest: { contestId },
      cancelContest: { contestId, reason: 'Because' },
      setContestJury: { contestId, memberIds: [] },
    }[mutation];
    expect(await act(members[0], mutation, input ?? {})).toMatchObject({
      code: 'NOT_COMMUNITY_ADMIN',
    });
    await expect(act(null, mutation, input ?? {})).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  },
);

it('is moved on once by workers that run at once', async () => {
  const { communityId, contestId, members } = await aContest();
  await at(1);
  await enter(members[0], contestId);
  lived.world.setNow(hours(3));
  const ctx = serviceContext(lived.world.deps, 'test');
  const work = async () => {
    while (await moveNextContest(ctx, undefined));
  };
  await Promise.all([work(), work(), work()]);
  expect((await seen(members[0], { communityId }))?.status).toBe('DECIDED');
});
