import { newId, type AccountId } from '@lyceum/contracts';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, upvote, type LivedIn } from '../lived-in.factory';
import { query } from '../sql';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

type Somebody = Awaited<ReturnType<typeof aMemberAs>>;

/** A community with an owner and members that have so many points (in tens, plus the first). */
const aShop = async (upvotes: readonly number[]) => {
  const communityId = newId<'Community'>();
  await lived.receive([communityCreated(communityId)]);
  const owner = await aMemberAs(lived, { role: 'owner', communityId });
  const members: Somebody[] = [];
  for (const n of upvotes) {
    const member = await aMemberAs(lived, { role: 'member', communityId });
    await lived.receive(Array.from({ length: n }, () => upvote(communityId, member.memberId)));
    members.push(member);
  }
  return { communityId, owner, members };
};

const outcome = (account: AccountId | null, mutation: string, input: object) =>
  outcomeAs(lived, account, {
    ...{ mutation, input },
    select: `... on Gift { id price stock isOffered } ... on GiftRedemption { id price status note gift { title stock } member { id } }
      ... on SpendablePointsTooFew { spendable }`,
  });

const aGift = async (owner: Somebody, communityId: string, told: object = {}) =>
  (
    await outcome(owner.accountId, 'offerGift', {
      ...{ communityId, title: 'A mug', price: 30, stock: 2, ...told },
    })
  )['id'] as string;

const redeem = (who: Somebody, giftId: string, idempotencyKey: string = newId()) =>
  outcome(who.accountId, 'redeemGift', { giftId, idempotencyKey });

const spendable = async (who: Somebody) => {
  const [found] = await lived.ask<{ spendablePoints: number; points: number }>(
    [{ __typename: 'Member', id: who.memberId }],
    '... on Member { points spendablePoints }',
  );
  return found;
};
const stockOf = async (giftId: string) =>
  (
    await query<{ stock: number }>(lived.world.db, 'SELECT stock FROM gift WHERE id = $1', [giftId])
  )[0]?.stock;

it('gives a gift for points, which stay the member’s standing', async () => {
  const { communityId, owner, members } = await aShop([5]);
  const [ada] = members as [Somebody];
  const giftId = await aGift(owner, communityId);
  expect(await redeem(ada, giftId)).toMatchObject({
    ...{ __typename: 'GiftRedemption', price: 30, status: 'APPROVED' },
    gift: { title: 'A mug', stock: 1 },
  });
  expect(await spendable(ada)).toEqual({ points: 50, spendablePoints: 20 });
  expect(await redeem(ada, giftId)).toMatchObject({
    ...{ code: 'SPENDABLE_POINTS_TOO_FEW', spendable: 20 },
  });
});

it('sells a stock of 10 exactly 10 times to 100 who come at once', async () => {
  const { communityId, owner, members } = await aShop(Array.from({ length: 20 }, () => 15));
  const giftId = await aGift(owner, communityId, { stock: 10 });
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, i) => redeem(members[i % 20] as Somebody, giftId)),
  );
  const got = outcomes.filter((one) => one['__typename'] === 'GiftRedemption');
  expect(got).toHaveLength(10);
  expect(new Set(outcomes.map((one) => one['code']))).toEqual(
    new Set([undefined, 'GIFT_SOLD_OUT']),
  );
  expect(await stockOf(giftId)).toBe(0);
}, 60_000);

it('never lets one member spend points twice, in any number of gifts at once', async () => {
  const { communityId, owner, members } = await aShop([9]);
  const [ada] = members as [Somebody];
  const gifts = await Promise.all(
    [1, 2, 3, 4, 5].map(() => aGift(owner, communityId, { stock: 9 })),
  );
  const outcomes = await Promise.all(gifts.flatMap((id) => [redeem(ada, id), redeem(ada, id)]));
  expect(outcomes.filter((one) => one['__typename'] === 'GiftRedemption')).toHaveLength(3);
  expect(await spendable(ada)).toEqual({ points: 90, spendablePoints: 0 });
});

it('redeems once for one key', async () => {
  const { communityId, owner, members } = await aShop([9]);
  const [ada] = members as [Somebody];
  const giftId = await aGift(owner, communityId);
  const outcomes = await Promise.all([1, 2, 3].map(() => redeem(ada, giftId, 'once')));
  expect(new Set(outcomes.map((one) => one['id'])).size).toBe(1);
  expect(await stockOf(giftId)).toBe(1);
});

it('returns points and stock when it is cancelled or refused, once', async () => {
  const { communityId, owner, members } = await aShop([9]);
  const [ada] = members as [Somebody];
  const giftId = await aGift(owner, communityId, { needsApproval: true });
  const first = await redeem(ada, giftId);
  expect(first).toMatchObject({ status: 'REQUESTED' });
  const cancel = (redemption: typeof first) =>
    outcome(ada.accountId, 'cancelRedemption', { redemptionId: redemption['id'] });
  await Promise.all([cancel(first), cancel(first)]);
  expect(await stockOf(giftId)).toBe(2);
  expect(await spendable(ada)).toEqual({ points: 90, spendablePoints: 90 });

  const second = await redeem(ada, giftId);
  const decide = (status: string, note?: string) =>
    outcome(owner.accountId, 'decideRedemption', { redemptionId: second['id'], status, note });
  expect(await decide('APPROVED')).toMatchObject({ status: 'APPROVED' });
  expect(await decide('REFUSED', 'It broke.')).toMatchObject({
    status: 'REFUSED',
    note: 'It broke.',
  });
  expect(await decide('FULFILLED')).toMatchObject({ code: 'REDEMPTION_DECIDED' });
  expect(await cancel(second)).toMatchObject({ code: 'REDEMPTION_DECIDED' });
  expect(await stockOf(giftId)).toBe(2);
  expect(await spendable(ada)).toEqual({ points: 90, spendablePoints: 90 });
});

it('keeps to what a member may have, and to what is offered', async () => {
  const { communityId, owner, members } = await aShop([9]);
  const [ada] = members as [Somebody];
  const giftId = await aGift(owner, communityId, { perMember: 1, price: 10 });
  await redeem(ada, giftId);
  expect(await redeem(ada, giftId)).toMatchObject({ code: 'GIFT_LIMIT_REACHED' });
  const change = (input: object) => outcome(owner.accountId, 'changeGift', { giftId, ...input });
  expect(await change({ addToStock: -5 })).toMatchObject({ code: 'GIFT_INVALID' });
  expect(await change({ isOffered: false, addToStock: 4, price: 11 })).toMatchObject({
    ...{ isOffered: false, stock: 5, price: 11 },
  });
  expect(await redeem(ada, giftId)).toMatchObject({ code: 'GIFT_NOT_FOUND' });
});

it.each([
  ['offerGift', { title: 'x', price: 1, stock: 1 }],
  ['changeGift', { price: 5 }],
  ['decideRedemption', { status: 'APPROVED' }],
])('%s is for owners and admins', async (mutation, told) => {
  const { communityId, owner, members } = await aShop([9]);
  const [ada] = members as [Somebody];
  const giftId = await aGift(owner, communityId, { needsApproval: true });
  const redemptionId = (await redeem(ada, giftId))['id'];
  const input = {
    ...told,
    ...(mutation === 'offerGift' ? { communityId } : {}),
    ...(mutation === 'changeGift' ? { giftId } : {}),
    ...(mutation === 'decideRedemption' ? { redemptionId } : {}),
  };
  expect(await outcome(ada.accountId, mutation, input)).toMatchObject({
    code: 'NOT_COMMUNITY_ADMIN',
  });
  await expect(outcome(null, mutation, input)).rejects.toMatchObject({
    extensions: { code: 'UNAUTHENTICATED' },
  });
});

it('lets nobody cancel what another took, and shows redemptions to owners only', async () => {
  const { communityId, owner, members } = await aShop([9, 9]);
  const [ada, bob] = members as [Somebody, Somebody];
  const redemption = await redeem(ada, await aGift(owner, communityId));
  expect(
    await outcome(bob.accountId, 'cancelRedemption', { redemptionId: redemption['id'] }),
  ).toMatchObject({ code: 'REDEMPTION_NOT_FOUND' });
  const seenBy = async (who: Somebody) => {
    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community { gifts { title } giftRedemptions { edges { node { id } } } } } }`;
    const variables = { of: [{ __typename: 'Community', id: communityId }] };
    const found = await askAs(lived, who.accountId, { source, variables });
    return (found['_entities'] as unknown as { giftRedemptions: unknown }[])[0]?.giftRedemptions;
  };
  expect(await seenBy(bob)).toBeNull();
  expect(await seenBy(owner)).toEqual({ edges: [{ node: { id: redemption['id'] } }] });
});
