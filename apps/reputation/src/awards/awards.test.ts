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
import fc from 'fast-check';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, aVote, type LivedIn } from '../lived-in.factory';
import { rebuildPoints } from '../points/rebuild-points';
import { query } from '../sql';
import { figuresOf } from './award.queries';
import type { AwardWinner, ProgramId } from './award.types';
import { pickWinners } from './pick-winners';
import { lastMonth, proposeAward } from './propose-awards.job';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());
/** Awards begin in April, whose winners are found in May. */
beforeEach(() => {
  lived.world.setNow('2021-04-10T00:00:00Z');
});

type Somebody = Awaited<ReturnType<typeof aMemberAs>>;
const month = '2021-04-01';

const act = (who: { accountId: AccountId } | null, mutation: string, input: object) =>
  outcomeAs(lived, who?.accountId ?? null, {
    ...{ mutation, input },
    select: '... on AwardProgram { id stoppedAt } ... on Award { id status note }',
  });

/** A community whose owner got two upvotes in April, Ada three, Bob two and Cem none. */
const aCommunity = async () => {
  const communityId = newId<'Community'>();
  await lived.receive([communityCreated(communityId)]);
  const owner = await aMemberAs(lived, { role: 'owner', communityId });
  const [ada, bob, cem] = [
    await aMemberAs(lived, { role: 'member', communityId }),
    await aMemberAs(lived, { role: 'member', communityId }),
    await aMemberAs(lived, { role: 'member', communityId }),
  ];
  const votes = [owner, owner, ada, ada, ada, bob, bob].map(({ memberId }) =>
    aVote(communityId, { author: memberId, value: 1, occurredAt: '2021-04-12T12:00:00Z' }),
  );
  const outside = ['2021-03-31T23:59:59Z', '2021-05-01T00:00:00Z'].map((occurredAt) =>
    aVote(communityId, { author: cem.memberId, value: 1, occurredAt }),
  );
  await lived.receive([...votes, ...outside]);
  return { communityId, owner, ada, bob, cem };
};

const start = (owner: Somebody, communityId: CommunityId, told: object = {}) =>
  act(owner, 'startAwards', {
    ...{ communityId, name: 'Of the month', givenFor: 'UPVOTES', amounts: [100, 50], ...told },
  });

const propose = async (programId: unknown, times = 1) => {
  lived.world.setNow('2021-05-01T00:00:01Z');
  const ctx = serviceContext(lived.world.deps, 'test');
  const once = () => proposeAward(ctx, { programId: programId as ProgramId, month });
  await Promise.all(Array.from({ length: times }, once));
};

interface Seen {
  id: string;
  status: string;
  month: string;
  winners: (Pick<AwardWinner, 'place' | 'figure' | 'reason' | 'amount'> & {
    id: never;
    member: { id: string };
    paidAt: string | null;
    isLeftOut: boolean;
  })[];
}
const awardsSeenBy = async (who: Somebody, communityId: CommunityId): Promise<Seen[]> => {
  const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community { awards { edges { node {
    id status month winners { id place figure reason amount paidAt isLeftOut member { id } } } } } } } }`;
  const variables = { of: [{ __typename: 'Community', id: communityId }] };
  const { _entities } = await askAs(lived, who.accountId, { source, variables });
  const [community] = _entities as unknown as { awards: { edges: { node: Seen }[] } }[];
  return community?.awards.edges.map(({ node }) => node) ?? [];
};
const pointsOf = async ({ memberId }: Somebody) => {
  const [found] = await lived.ask<{ points: number; awards: object[] }>(
    [{ __typename: 'Member', id: memberId }],
    '... on Member { points awards { place amount } }',
  );
  return found;
};
const decide = (who: Somebody, award: Seen | undefined, told: object = {}) =>
  act(who, 'decideAward', { awardId: award?.id, isApproved: true, ...told });

it('proposes who was first in the month, once, with the why, and gives points on approval', async () => {
  const { communityId, owner, ada, bob } = await aCommunity();
  const { id } = await start(owner, communityId);
  await propose(id, 3);
  const [award, ...others] = await awardsSeenBy(owner, communityId);
  expect(others).toEqual([]);
  expect(award).toMatchObject({
    ...{ status: 'PROPOSED', month },
    winners: [
      {
        ...{ place: 1, figure: 3, amount: '100', paidAt: null, member: { id: ada.memberId } },
        reason: 'Place 1 of 2 by upvotes received in 2021-04: 3',
      },
      { place: 2, figure: 2, amount: '50', member: { id: bob.memberId } },
    ],
  });
  expect(await awardsSeenBy(ada, communityId)).toEqual([]);
  expect((await pointsOf(ada))?.awards).toEqual([]);

  await Promise.all([decide(owner, award), decide(owner, award), decide(owner, award)]);
  expect(await pointsOf(ada)).toEqual({ points: 130, awards: [{ place: 1, amount: '100' }] });
  expect((await pointsOf(bob))?.points).toBe(70);
  expect(await decide(owner, award, { isApproved: false })).toMatchObject({
    code: 'AWARD_DECIDED',
  });
  await lived.world.deps.dataSource.transaction((db) => rebuildPoints(db, communityId));
  expect((await pointsOf(ada))?.points).toBe(130);
});

it('comes to the same winners again, from the log', async () => {
  const { communityId, owner, ada, bob } = await aCommunity();
  const { id } = await start(owner, communityId, { givenFor: 'POINTS' });
  await propose(id);
  const [award] = await awardsSeenBy(owner, communityId);
  await decide(owner, award);
  await lived.world.deps.dataSource.transaction((db) => rebuildPoints(db, communityId));
  const figures = await figuresOf(lived.world.db, 'points', { communityId, month });
  const terms = { givenFor: 'points', excludesStaff: true, places: 2, month } as const;
  const again = pickWinners(figures, terms).map(({ memberId, figure }) => [memberId, figure]);
  expect(again).toEqual([
    [ada.memberId, 30],
    [bob.memberId, 20],
  ]);
  expect(award?.winners.map(({ member, figure }) => [member.id, figure])).toEqual(again);
  // What awards gave counts for no award: a winner does not win by having won.
  const next = await figuresOf(lived.world.db, 'points', { communityId, month: '2021-05-01' });
  expect(next.map(({ figure }) => figure)).toEqual([10]);
});

it('does not depend on the order of figures, and gives nobody anything for nothing', () => {
  const figure = fc.record({ figure: fc.nat(3), isStaff: fc.boolean() });
  fc.assert(
    fc.property(fc.array(figure, { maxLength: 9 }), fc.boolean(), (told, excludesStaff) => {
      const figures = told.map((one) => ({ ...one, memberId: newId<'Member'>() }));
      const terms = { givenFor: 'thanks', excludesStaff, places: 3, month } as const;
      const picked = pickWinners(figures, terms);
      expect(pickWinners(figures.toReversed(), terms)).toEqual(picked);
      expect(picked.every((one) => one.figure > 0)).toBe(true);
      const staff = figures.filter(({ isStaff }) => isStaff).map(({ memberId }) => memberId);
      if (excludesStaff)
        expect(picked.filter(({ memberId }) => staff.includes(memberId))).toEqual([]);
    }),
  );
});

it('counts the staff where it is to be, but nobody decides on an own award', async () => {
  const { communityId, owner } = await aCommunity();
  const { id } = await start(owner, communityId, { excludesStaff: false, amounts: [5, 3, 1] });
  await propose(id);
  const [award] = await awardsSeenBy(owner, communityId);
  expect(award?.winners).toHaveLength(3);
  expect(await decide(owner, award)).toMatchObject({ code: 'OWN_AWARD' });
  const others = award?.winners
    .map(({ member }) => member.id)
    .filter((one) => one !== owner.memberId);
  expect(await decide(owner, award, { winners: [...(others ?? []), newId()] })).toMatchObject({
    code: 'AWARD_INVALID',
  });
  await decide(owner, award, { winners: others });
  const [decided] = await awardsSeenBy(owner, communityId);
  expect(decided?.winners.filter(({ isLeftOut }) => isLeftOut)).toMatchObject([
    { member: { id: owner.memberId }, paidAt: null },
  ]);
});

it('gives a gift to each, or to none when too few are left', async () => {
  const { communityId, owner } = await aCommunity();
  const giftId = newId();
  await lived.world.db.query(
    `INSERT INTO gift (id, community_id, title, description, price, stock, needs_approval) VALUES ($1, $2, 'Mug', '', 9, 1, true)`,
    [giftId, communityId],
  );
  const { id } = await start(owner, communityId, { giftId, amounts: [1, 1] });
  await propose(id);
  const [award] = await awardsSeenBy(owner, communityId);
  expect(await decide(owner, award)).toMatchObject({ code: 'GIFT_SOLD_OUT' });
  await lived.world.db.query('UPDATE gift SET stock = 5 WHERE id = $1', [giftId]);
  await decide(owner, award);
  await decide(owner, award);
  expect(
    await query(
      lived.world.db,
      `SELECT price, status, (SELECT stock FROM gift WHERE id = $1) AS stock FROM gift_redemption WHERE gift_id = $1`,
      [giftId],
    ),
  ).toEqual([
    { price: 0, status: 'approved', stock: 3 },
    { price: 0, status: 'approved', stock: 3 },
  ]);
});

it('gives money of a pool, never more than was paid in', async () => {
  const { communityId, owner, ada } = await aCommunity();
  const { id } = await start(owner, communityId, { currency: 'CNY', amounts: [3000, 1000] });
  await propose(id);
  const [award] = await awardsSeenBy(owner, communityId);
  const fund = (fundedMinor: string, version: number) =>
    lived.receive([
      anEvent(PrizePoolFunded, {
        ...{ poolId: String(id), communityId, currency: 'CNY', fundedMinor, version },
      }),
    ]);
  await fund('3999', 1);
  expect(await decide(owner, award)).toMatchObject({ code: 'AWARD_POOL_TOO_SMALL' });
  await fund('5000', 2);
  expect(await decide(owner, award)).toMatchObject({ status: 'APPROVED' });
  const told = (await emitted(lived.world.db)).filter(({ type }) => type.includes('prize.awarded'));
  expect(told.map(({ payload }) => payload)).toMatchObject([
    { memberId: ada.memberId, money: { poolId: id, amountMinor: '3000', currency: 'CNY' } },
    { money: { amountMinor: '1000' } },
  ]);
  const prizeId = award?.winners[0]?.id as never;
  const paid = { prizeId, poolId: String(id), memberId: ada.memberId };
  await lived.receive([anEvent(PrizePaid, paid)]);
  const [given] = await awardsSeenBy(ada, communityId);
  expect(given?.winners.map(({ paidAt }) => paidAt !== null)).toEqual([true, false]);
  expect((await pointsOf(ada))?.points).toBe(30);
  await act(owner, 'stopAwards', { programId: id });
  const [closed] = (await emitted(lived.world.db)).filter(({ type }) =>
    type.includes('prize-pool'),
  );
  expect(closed?.payload).toMatchObject({ isOpen: false, promisedMinor: '4000' });
});

it('goes to whom owners choose, and is refused with a note', async () => {
  const { communityId, owner, cem } = await aCommunity();
  const { id } = await start(owner, communityId, { givenFor: 'CHOICE', amounts: [40] });
  await propose(id);
  const [award] = await awardsSeenBy(owner, communityId);
  for (const winners of [null, [], [owner.memberId], [newId<'Member'>()] as MemberId[]])
    expect(await decide(owner, award, { winners })).toMatchObject({ code: 'AWARD_INVALID' });
  await decide(owner, award, { winners: [cem.memberId] });
  expect(await pointsOf(cem)).toMatchObject({ points: 60, awards: [{ place: 1 }] });

  const other = await start(owner, communityId);
  await propose(other['id']);
  const [second] = await awardsSeenBy(owner, communityId);
  expect(await decide(owner, second, { isApproved: false, note: 'A quiet month' })).toMatchObject({
    ...{ status: 'REFUSED', note: 'A quiet month' },
  });
  expect(await awardsSeenBy(cem, communityId)).toHaveLength(1);
});

it('proposes nothing once it is stopped, and refuses what is no award', async () => {
  const { communityId, owner } = await aCommunity();
  const { id } = await start(owner, communityId);
  const stop = () => act(owner, 'stopAwards', { programId: id });
  expect((await stop())['stoppedAt']).toBe((await stop())['stoppedAt']);
  await propose(id);
  expect(await awardsSeenBy(owner, communityId)).toEqual([]);
  for (const told of [
    { name: ' ' },
    { amounts: [] },
    { amounts: [0] },
    { currency: 'POINTS' },
    { giftId: newId(), amounts: [1] },
    { giftId: newId(), amounts: [2] },
  ])
    expect(await start(owner, communityId, told)).toMatchObject({ code: 'AWARD_INVALID' });
});

it.each(['startAwards', 'stopAwards', 'decideAward'])(
  '%s is for owners and admins',
  async (name) => {
    const { communityId, owner, ada } = await aCommunity();
    const { id: programId } = await start(owner, communityId);
    await propose(programId);
    const [award] = await awardsSeenBy(owner, communityId);
    const input = {
      startAwards: { communityId, name: 'x', givenFor: 'POINTS', amounts: [1] },
      stopAwards: { programId },
      decideAward: { awardId: award?.id, isApproved: true },
    }[name];
    expect(await act(ada, name, input ?? {})).toMatchObject({ code: 'NOT_COMMUNITY_ADMIN' });
    await expect(act(null, name, input ?? {})).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  },
);

it.each([
  ['2021-05-01T00:00:00Z', '2021-04-01'],
  ['2021-01-31T23:59:59Z', '2020-12-01'],
])('at %s the month before began on %s', (now, first) => {
  expect(lastMonth(new Date(now))).toBe(first);
});
