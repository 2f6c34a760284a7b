import { newId, type AccountId } from '@lyceum/contracts';
import { createApp } from '../app';
import { aPrice, aProduct } from '../catalogue/product.factory';
import { ProductKind } from '../catalogue/product-kind';
import { askGraph } from '../graph/ask.factory';
import { paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { addDays } from '../subscriptions/calendar';
import { describeSponsor, reviewSponsor, setSponsorTier } from './sponsoring';
import { Sponsor } from './sponsor.type';

const start = new Date('2026-05-01T00:00:00.000Z');

describe('sponsors', () => {
  let world: PaymentsWorld;
  const { schema } = createApp();
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => {
    world.setNow(start);
  });
  afterAll(() => world.close());

  const aTier = async (rank = 1) => {
    const sold = await aProduct(world, {
      kind: ProductKind.SPONSORSHIP,
      title: 'Gold',
      prices: [aPrice('50000')],
    });
    const { id: productId } = sold.product;
    await setSponsorTier(world.as(sold.owner), { productId, termDays: 30, rank });
    return { ...sold, communityId: sold.owner.communityId };
  };
  const described = (communityId: string, change = {}) => ({
    communityId,
    name: 'Acme',
    url: 'https://acme.example/',
    logoUrl: 'https://acme.example/logo.svg',
    ...change,
  });
  const shownIn = async (communityId: string, accountId: AccountId = newId<'Account'>()) => {
    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community {
      sponsors { name label status endsAt tier { title } } } } }`;
    const of = [{ __typename: 'Community', id: communityId }];
    const { data } = await askGraph({ schema, ctx: world.as(accountId) }, source, { of });
    return data._entities[0].sponsors as unknown[];
  };

  it('buy a tier for a term, say who they are, and are shown once somebody has looked', async () => {
    const { owner, product, communityId } = await aTier();
    const buyer = world.buyer();
    expect(await describeSponsor(world.as(buyer.id), described(communityId))).toMatchObject({
      code: 'NOT_SPONSORING',
    });
    await world.buy(buyer, product);
    const sponsor = await describeSponsor(world.as(buyer.id), described(communityId));
    if (!(sponsor instanceof Sponsor)) throw new Error(sponsor.code);
    expect(await shownIn(communityId)).toEqual([]);
    expect(await shownIn(communityId, owner.id)).toHaveLength(1);
    const review = { sponsorId: sponsor.id, isAccepted: true };
    expect(await reviewSponsor(world.as(newId<'Account'>()), review)).toMatchObject({
      code: 'SPONSOR_NOT_FOUND',
    });
    await reviewSponsor(world.as(owner), review);
    expect(await shownIn(communityId)).toEqual([
      {
        name: 'Acme',
        label: 'SPONSORED',
        status: 'SHOWN',
        endsAt: addDays(start, 30).toISOString(),
        tier: { title: 'Gold' },
      },
    ]);
    // The same again stays as it is; anything else is looked at again.
    await describeSponsor(world.as(buyer.id), described(communityId));
    expect(await shownIn(communityId)).toHaveLength(1);
    await describeSponsor(world.as(buyer.id), described(communityId, { name: 'Other' }));
    expect(await shownIn(communityId)).toEqual([]);
  });

  it('end with their term, and may buy it again then, not before', async () => {
    const { owner, product, communityId } = await aTier();
    const buyer = world.buyer();
    await world.buy(buyer, product);
    const sponsor = await describeSponsor(world.as(buyer.id), described(communityId));
    if (!(sponsor instanceof Sponsor)) throw new Error(sponsor.code);
    await reviewSponsor(world.as(owner), { sponsorId: sponsor.id, isAccepted: true });
    await expect(world.buy(buyer, product)).rejects.toThrow('ALREADY_OWNED');
    world.setNow(addDays(start, 31));
    expect(await shownIn(communityId)).toEqual([]);
    await world.buy(buyer, product);
    expect(await shownIn(communityId)).toHaveLength(1);
  });

  it('are no longer shown when they had their money back', async () => {
    const { owner, product, communityId } = await aTier();
    const buyer = world.buyer();
    const order = await world.buy(buyer, product);
    const sponsor = await describeSponsor(world.as(buyer.id), described(communityId));
    if (!(sponsor instanceof Sponsor)) throw new Error(sponsor.code);
    await reviewSponsor(world.as(owner), { sponsorId: sponsor.id, isAccepted: true });
    await world.choose({ orderId: order.id }, 'dispute');
    expect(await shownIn(communityId)).toEqual([]);
  });

  it('are refused with what is no name or address, and tiers with what is no term', async () => {
    const { owner, product, communityId } = await aTier();
    const buyer = world.buyer();
    await world.buy(buyer, product);
    for (const change of [{ name: ' ' }, { url: 'http://x.example' }, { logoUrl: 'javascript:x' }])
      expect(
        await describeSponsor(world.as(buyer.id), described(communityId, change)),
      ).toMatchObject({ code: 'INVALID_SPONSOR' });
    const set = (change: object) =>
      setSponsorTier(world.as(owner), { productId: product.id, termDays: 30, rank: 1, ...change });
    expect(await set({ termDays: 0 })).toMatchObject({ code: 'INVALID_SPONSOR' });
    expect(await set({ rank: 101 })).toMatchObject({ code: 'INVALID_SPONSOR' });
    expect(await set({ productId: newId() })).toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
    const stranger = world.as(newId<'Account'>());
    const input = { productId: product.id, termDays: 30, rank: 1 };
    expect(await setSponsorTier(stranger, input)).toMatchObject({ code: 'NOT_CATALOGUE_MANAGER' });
  });
});
