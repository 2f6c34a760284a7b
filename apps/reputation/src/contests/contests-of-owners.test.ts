import { PrizePaid, PrizePoolFunded, type CommunityId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { anEvent } from '../deliver.factory';
import { now, type LivedIn } from '../lived-in.factory';
import {
  aContest,
  act,
  at,
  enter,
  entriesOf,
  hours,
  openWorld,
  pointsOf,
  seen,
  usual,
  vote,
} from './contests.factory';

let lived: LivedIn;
beforeAll(async () => {
  lived = await openWorld();
});
beforeEach(() => {
  lived.world.setNow(now.toISOString());
});
afterAll(() => lived.world.close());

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
