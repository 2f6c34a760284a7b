import { newId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { GraphQLSchema } from 'graphql';
import { createApp } from '../app';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { aProduct } from '../catalogue/product.factory';
import { aMember } from '../communities/membership.factory';
import { askGraph } from '../graph/ask.factory';
import { cancelOrder } from '../orders/cancel-order';
import { selectOrders } from '../orders/order.type';
import { anArticleOnSale, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { refundOrder } from '../refunds/refund-order';
import { addDays } from '../subscriptions/calendar';
import { payInvoice } from '../subscriptions/pay-invoice';
import {
  aMembership,
  aSubscriber,
  giveCard,
  letTimeWork,
} from '../subscriptions/subscription.factory';
import { CampaignCodeTaken, CampaignNotFound, InvalidCampaign } from './campaign.errors';
import { aCampaign } from './campaign.factory';
import { archiveCampaign, createCampaign, type CreateCampaignInput } from './create-campaign';

const start = new Date('2026-04-01T00:00:00.000Z');

describe('campaigns', () => {
  let world: PaymentsWorld;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    world = await paymentsWorld();
    schema = createApp().schema;
  });
  beforeEach(() => {
    world.setNow(start);
  });
  afterAll(() => world.close());

  const list = async (ctx: Ctx, communityId: string, page = '(first: 10)') => {
    const { data, codes } = await askGraph(
      { schema, ctx },
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Community { campaigns${page} {
        pageInfo { hasNextPage endCursor } edges { node { code archivedAt products { id } revenue {
          orders paidOrders buyers paid { amountMinor currency } refunded { amountMinor } net { amountMinor }
        } } } } } } }`,
      { r: [{ __typename: 'Community', id: communityId }] },
    );
    return { page: data?._entities?.[0]?.campaigns, codes };
  };
  const revenueOf = async (owner: Awaited<ReturnType<typeof aMember>>) =>
    (await list(world.as(owner), owner.communityId)).page.edges[0].node.revenue;
  const campaignOf = async (session: { orderId: string }) =>
    (await world.orderOf(session)).campaignId;

  it('counts what came by it from orders as they are, and refunds reduce it', async () => {
    const { owner, product } = await anArticleOnSale(world, '1000');
    const { id, code } = await aCampaign(world, owner, { code: 'spring-2026' });
    const campaign = code.toUpperCase();
    const [a, b, c] = [world.buyer(), world.buyer(), world.buyer()];
    const first = await world.order(a, product, { campaign });
    const second = await world.order(b, product, { campaign: ` ${code} ` });
    const third = await world.order(c, product, { campaign });
    await world.choose(await world.order(world.buyer(), product), 'success');
    expect(first.total).toEqual({ amountMinor: '1000', currency: 'CNY' });
    await world.choose(first, 'success');
    await world.choose(second, 'success');
    await cancelOrder(world.as(c.id), { orderId: third.orderId });

    const net = (left: number, refunded: number) => [
      {
        ...{ orders: 3, paidOrders: 2, buyers: 2 },
        paid: { amountMinor: '2000', currency: 'CNY' },
        refunded: { amountMinor: String(refunded) },
        net: { amountMinor: String(left) },
      },
    ];
    expect(await revenueOf(owner)).toEqual(net(2000, 0));
    const refund = (orderId: string, amountMinor: string) =>
      refundOrder(world.as(owner), {
        ...{ orderId, reason: '', idempotencyKey: newId() },
        amount: { amountMinor, currency: 'CNY' },
      });
    await refund(first.orderId, '300');
    expect(await revenueOf(owner)).toEqual(net(1700, 300));
    await refund(first.orderId, '700');
    await archiveCampaign(world.as(owner), { campaignId: id });
    expect(await revenueOf(owner)).toEqual(net(1000, 1000));

    await world.choose(second, 'dispute');
    await world.choose(second, 'dispute-lost');
    expect(await revenueOf(owner)).toEqual(net(0, 2000));
    expect(await campaignOf(second)).toBe(id);
  });

  it('is never in the way of who buys: any other code is not counted', async () => {
    const { owner, product } = await anArticleOnSale(world, '1000');
    const { product: other } = await aProduct(world, { owner });
    const elsewhere = await aMember(world.db, { role: 'owner' });
    await aCampaign(world, elsewhere, { code: 'foreign' });
    await aCampaign(world, owner, { code: 'other-product', productIds: [other.id] });
    await aCampaign(world, owner, { code: 'ended', endsAt: start });
    await aCampaign(world, owner, { code: 'not-yet', startsAt: addDays(start, 1) });
    const archived = await aCampaign(world, owner, { code: 'archived' });
    await archiveCampaign(world.as(owner), { campaignId: archived.id });
    const nonsense = ['', 'no such', 'nul\u0000', "'; --", 'x'.repeat(100_000), '一'];
    for (const campaign of [
      ...['unknown', 'foreign', 'other-product', 'ended', 'not-yet', 'archived'],
      ...nonsense,
    ]) {
      const session = await world.order(world.buyer(), product, { campaign });
      expect(session.total.amountMinor).toBe('1000');
      expect(await campaignOf(session)).toBeNull();
    }

    const mine = await aCampaign(world, owner, {
      ...{ productIds: [product.id], startsAt: start, endsAt: addDays(start, 1) },
    });
    const session = await world.order(world.buyer(), product, { campaign: mine.code });
    expect(await campaignOf(session)).toBe(mine.id);
  });

  it('stays what the order came by', async () => {
    const { owner, product } = await anArticleOnSale(world, '1000');
    const { id, code } = await aCampaign(world, owner);
    const buyer = world.buyer();
    const key = { idempotencyKey: newId(), campaign: code };
    const session = await world.order(buyer, product, key);
    await archiveCampaign(world.as(owner), { campaignId: id });
    expect(await world.order(buyer, product, key)).toEqual(session);
    await expect(
      world.db.query('UPDATE sales_order SET campaign_id = NULL WHERE id = $1', [session.orderId]),
    ).rejects.toThrow('append-only');

    const ask = async (ctx: Ctx) =>
      (
        await askGraph({ schema, ctx }, 'query ($id: ID!) { order(id: $id) { campaign { id } } }', {
          id: session.orderId,
        })
      ).data.order.campaign;
    expect(await ask(world.as(owner))).toEqual({ id });
    expect(await ask(world.as(buyer.id))).toBeNull();
  });

  it('has all orders of a subscription that came by it', async () => {
    const { owner, product, month } = await aMembership(world);
    const campaign = await aCampaign(world, owner, { productIds: [product.id] });
    const of = { priceId: month.id, campaign: campaign.code };
    const [charged, pays, others] = [world.buyer(), world.buyer(), world.buyer()];
    for (const { id } of [charged, others]) await giveCard(world, id);
    await aSubscriber(world, charged.id, of);
    await aSubscriber(world, others.id, { ...of, campaign: 'unknown' });
    const { id: subscriptionId } = await aSubscriber(world, pays.id, of);
    const session = await payInvoice(world.as(pays.id), { subscriptionId });
    expect(await campaignOf(session as { orderId: string })).toBe(campaign.id);
    await archiveCampaign(world.as(owner), { campaignId: campaign.id });
    world.setNow('2026-05-02T00:00:00Z');
    await letTimeWork(world);

    const campaignsOf = async ({ id }: { id: string }) =>
      (await selectOrders(world.db, 'buyer_id = $1 ORDER BY id', [id])).map((o) => o.campaignId);
    expect(await campaignsOf(charged)).toEqual([campaign.id, campaign.id]);
    expect(await campaignsOf(others)).toEqual([null, null]);
    expect(await revenueOf(owner)).toMatchObject([
      { orders: 3, paidOrders: 2, buyers: 1, paid: { amountMinor: '2000' } },
    ]);
  });

  it('is made and archived by who manages the catalogue, of one code for good', async () => {
    const { owner, product } = await anArticleOnSale(world, '1000');
    const { communityId } = owner;
    const { product: foreign } = await anArticleOnSale(world, '1000');
    const member = await aMember(world.db, { communityId });
    const stranger = await aMember(world.db, { role: 'owner' });
    const input = { communityId, code: 'Spring', name: ' The  spring ', productIds: [product.id] };
    const create = (change: Partial<CreateCampaignInput> = {}, ctx = world.as(owner)) =>
      createCampaign(ctx, { ...input, ...change });
    for (const person of [member, stranger])
      expect(await create({}, world.as(person))).toEqual(new NotCatalogueManager());
    expect(await create({ communityId: 'x' })).toEqual(new NotCatalogueManager());
    for (const change of [
      ...['', 'a b', '-a', 'a-', 'é', 'x'.repeat(41)].map((code) => ({ code })),
      ...['', ' ', 'x'.repeat(201)].map((name) => ({ name })),
      ...[[foreign.id], ['x'], [newId()], Array.from({ length: 101 }, () => newId())].map(
        (productIds) => ({ productIds }),
      ),
      { startsAt: start, endsAt: start },
    ])
      expect(await create(change)).toBeInstanceOf(InvalidCampaign);

    const made = await Promise.all([create(), create(), create()]);
    const taken = made.filter((outcome) => outcome instanceof CampaignCodeTaken);
    expect(taken).toHaveLength(2);
    const campaign = made.find((outcome) => !(outcome instanceof CampaignCodeTaken));
    expect(campaign).toMatchObject({ code: 'spring', name: 'The spring' });
    const archiving = { campaignId: (campaign as { id: string }).id };
    const archive = (ctx: Ctx, of = archiving) => archiveCampaign(ctx, of);
    expect(await archive(world.as(member))).toEqual(new NotCatalogueManager());
    expect(await archive(world.as(stranger))).toEqual(new CampaignNotFound());
    expect(await archive(world.as(owner), { campaignId: 'x' })).toEqual(new CampaignNotFound());
    expect(await archive(world.as(owner))).toMatchObject({ archivedAt: start });
    world.setNow(addDays(start, 1));
    expect(await archive(world.as(owner))).toMatchObject({ archivedAt: start });
    expect(await create()).toEqual(new CampaignCodeTaken());
  });

  it('is listed a page at a time, newest first, for who manages the catalogue alone', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const { communityId } = owner;
    for (const code of ['a', 'b', 'c']) await aCampaign(world, owner, { code });
    const codes = (page: { edges: { node: { code: string } }[] }) =>
      page.edges.map(({ node }) => node.code);
    const first = (await list(world.as(owner), communityId, '(first: 2)')).page;
    expect(codes(first)).toEqual(['c', 'b']);
    const rest = `(first: 2, after: "${first.pageInfo.endCursor}")`;
    const second = (await list(world.as(owner), communityId, rest)).page;
    expect(codes(second)).toEqual(['a']);
    expect(second.edges[0].node.revenue).toEqual([]);
    const wrong = await list(world.as(owner), communityId, '(first: 2, after: "x")');
    expect(wrong.codes).toEqual(['BAD_INPUT']);
    const member = await aMember(world.db, { communityId });
    expect((await list(world.as(member), communityId)).codes).toEqual(['FORBIDDEN']);
    expect((await list(world.as(null), communityId)).codes).toEqual(['UNAUTHENTICATED']);
  });
});
