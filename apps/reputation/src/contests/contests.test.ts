import { newId, type MemberId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { aMemberAs } from '../ask-as.factory';
import { now, type LivedIn } from '../lived-in.factory';
import { rebuildPoints } from '../points/rebuild-points';
import { query } from '../sql';
import {
  aContest,
  act,
  at,
  enter,
  entriesOf,
  hours,
  judge,
  openWorld,
  pointsOf,
  seen,
  vote,
  type Outcome,
  type Somebody,
} from './contests.factory';
import { moveNextContest } from './run-contests.job';

let lived: LivedIn;
beforeAll(async () => {
  lived = await openWorld();
});
beforeEach(() => {
  lived.world.setNow(now.toISOString());
});
afterAll(() => lived.world.close());

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
