import { newId, OrderPaid } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import type { GraphQLSchema } from 'graphql';
import { askGraph } from '../graph/ask.factory';
import { createApp } from '../app';
import { aMember } from '../communities/membership.factory';
import { CouponDuration, CouponKind } from '../coupons/coupon.entity';
import { CouponUsedBefore } from '../coupons/coupon.errors';
import { aCoupon } from '../coupons/coupon.factory';
import { payInvoice } from './pay-invoice';
import { subscribe } from './subscribe';
import {
  AlreadySubscribed,
  NothingToPay,
  PriceIsPaidOnce,
  SubscriptionNotFound,
  SubscriptionTrialUsed,
} from './subscription.errors';
import { aMembership, aSubscriber } from './subscription.factory';
import type { PaymentsWorld } from '../payments-world.factory';
import { day, start, subscriptionWorld } from './subscription-world.factory';

describe('subscriptions', () => {
  const of = subscriptionWorld();
  const { buyer, at, now, invoices, accessUntil } = of;
  let world: PaymentsWorld;
  beforeAll(() => {
    world = of.world;
  });

  it('charges what the account has given, at once, and gives access for what is paid', async () => {
    const { owner, month } = await aMembership(world);
    const accountId = await buyer();
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });

    expect(subscription).toMatchObject({ status: 'active', periodEnd: day(30) });
    expect(await accessUntil(subscription)).toEqual(day(37)); // and seven days of grace
    const [invoice] = await invoices(subscription);
    expect(invoice).toMatchObject({ status: 'paid', totalMinor: 1000n, periodEnd: day(30) });
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(895n);
    const order = await world.orderOf({ id: invoice?.orderId ?? '' });
    expect(order).toMatchObject({ status: 'paid', totalMinor: 1000n, buyerId: accountId });
    const told = (await emitted(world.deps.dataSource.manager)).filter(
      ({ type }) => type === OrderPaid.name,
    );
    expect(told.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({
        orderId: order.id,
        totalMinor: '1000',
        purposes: ['subscription'],
      }),
    );
    expect(await subscribe(world.as(accountId), { priceId: month.id, wantsTrial: true })).toEqual(
      new AlreadySubscribed(subscription.id),
    );
  });

  it('waits for its first payment on a page, and gives nothing before', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer(null);
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });
    expect(subscription).toMatchObject({ status: 'incomplete' });
    expect(await accessUntil(subscription)).toBeNull();

    const of = { subscriptionId: subscription.id };
    const session = await payInvoice(world.as(accountId), of);
    const again = await payInvoice(world.as(accountId), of);
    if (!('orderId' in session)) throw new Error('refused');
    expect(again).toEqual(session);
    world.setNow(new Date(start.getTime() + 600_000));
    await world.choose(session, 'success');
    expect(await now(subscription)).toMatchObject({
      status: 'active',
      periodEnd: new Date(day(30).getTime() + 600_000), // from when it was paid
    });
    expect(await payInvoice(world.as(accountId), of)).toEqual(new NothingToPay());
    const stranger = world.as(newId<'Account'>());
    expect(await payInvoice(stranger, of)).toEqual(new SubscriptionNotFound());
  });

  it('gives no access while its payment is disputed, and again when that is won', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer(null);
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });
    const session = await payInvoice(world.as(accountId), { subscriptionId: subscription.id });
    if (!('orderId' in session)) throw new Error('refused');
    await world.choose(session, 'success');
    await world.choose(session, 'dispute');
    expect(await accessUntil(subscription)).toBeNull();
    expect(await now(subscription)).toMatchObject({ cancelAtPeriodEnd: true });
    await world.choose(session, 'dispute-won');
    expect(await accessUntil(subscription)).toEqual(day(37));
    expect(await now(subscription)).toMatchObject({ cancelAtPeriodEnd: false });
  });

  it('is over when its first payment does not come within a day', async () => {
    const { owner, month } = await aMembership(world);
    const { coupon } = await aCoupon(world, { owner, maxUses: 1 });
    const wanted = { priceId: month.id, couponCode: coupon.code };
    const subscription = await aSubscriber(world, await buyer(null), wanted);
    await at(day(2));
    expect(await now(subscription)).toMatchObject({ status: 'canceled' });
    expect(await invoices(subscription)).toMatchObject([{ status: 'void' }]);
    expect(await world.db.query('SELECT FROM coupon_use WHERE released_at IS NULL')).toEqual([]);
  });

  it('has a trial once a person, by account and by card, and begins to cost after it', async () => {
    const { owner, month } = await aMembership(world, { trialDays: 14 });
    const other = await aMembership(world, { owner, trialDays: 7 });
    const accountId = await buyer({ fingerprint: 'card-a' });
    const trial = await aSubscriber(world, accountId, { priceId: month.id });
    expect(trial).toMatchObject({ status: 'trialing', trialEndsAt: day(14) });
    expect(await accessUntil(trial)).toEqual(day(21));
    const wanted = { priceId: other.month.id, wantsTrial: true };
    expect(await subscribe(world.as(accountId), wanted)).toEqual(new SubscriptionTrialUsed());
    const sameCard = await buyer({ fingerprint: 'card-a' });
    expect(await subscribe(world.as(sameCard), wanted)).toEqual(new SubscriptionTrialUsed());
    const paying = await aSubscriber(world, sameCard, { ...wanted, wantsTrial: false });
    expect(paying).toMatchObject({ status: 'active' });

    await at(day(11));
    expect(await invoices(trial)).toEqual([]);
    await at(day(14));
    expect(await now(trial)).toMatchObject({ status: 'active', periodStart: day(14) });
    expect(await invoices(trial)).toMatchObject([{ status: 'paid', totalMinor: 1000n }]);
  });

  it('lets one of ten simultaneous trials of a card begin', async () => {
    const { month } = await aMembership(world, { trialDays: 14 });
    const accounts = await Promise.all(
      Array.from({ length: 10 }, () => buyer({ fingerprint: 'card-b' })),
    );
    const outcomes = await Promise.all(
      accounts.map((id) => subscribe(world.as(id), { priceId: month.id, wantsTrial: true })),
    );
    expect(outcomes.filter((outcome) => outcome instanceof SubscriptionTrialUsed)).toHaveLength(9);
  });

  it('is cheaper with a coupon for as many months as it says, and once a customer', async () => {
    const { owner, month, year } = await aMembership(world);
    const terms = { kind: CouponKind.PERCENT, basisPoints: 5_000, maxUsesPerCustomer: 1 };
    const { coupon } = await aCoupon(world, {
      owner,
      ...terms,
      duration: CouponDuration.MONTHS,
      months: 3,
    });
    const accountId = await buyer({ fingerprint: 'card-c' });
    const subscription = await aSubscriber(world, accountId, {
      priceId: month.id,
      couponCode: coupon.code.toUpperCase(),
    });
    for (const n of [30, 61, 91, 122]) await at(day(n));
    expect((await invoices(subscription)).map(({ totalMinor }) => totalMinor)).toEqual([
      500n,
      500n,
      500n,
      1000n,
      1000n,
    ]);
    const wanted = { couponCode: coupon.code, wantsTrial: true };
    const sameCard = await buyer({ fingerprint: 'card-c' });
    expect(await subscribe(world.as(sameCard), { ...wanted, priceId: month.id })).toEqual(
      new CouponUsedBefore(),
    );
    expect(await subscribe(world.as(await buyer()), { ...wanted, priceId: year.id })).toMatchObject(
      {
        code: 'COUPON_DOES_NOT_APPLY',
      },
    );
  });

  it('refuses an illegal move, whoever writes it', async () => {
    const { month } = await aMembership(world);
    const { id } = await aSubscriber(world, await buyer(), { priceId: month.id });
    await expect(
      world.db.query(`UPDATE subscription SET status = 'trialing' WHERE id = $1`, [id]),
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('is told of, and seen by its subscriber and who sells it alone', async () => {
    const schema: GraphQLSchema = createApp().schema;
    const { owner, month } = await aMembership(world);
    const accountId = await buyer();
    const ask = (source: string, variables: object, ctx: Ctx) =>
      askGraph({ schema, ctx }, source, variables);
    const made = await ask(
      `mutation ($input: SubscribeInput!) { subscribe(input: $input) { __typename ... on ProductSubscription {
        id status price { amountMinor } accessEndsAt product { title } invoices { edges { node { status total { amountMinor } lines { description amount { amountMinor } } } } } } ... on UserError { code } } }`,
      { input: { priceId: month.id } },
      world.as(accountId),
    );
    expect(made.data.subscribe).toMatchObject({
      status: 'ACTIVE',
      price: { amountMinor: '1000' },
      product: { title: 'Membership' },
      invoices: {
        edges: [{ node: { status: 'PAID', lines: [{ amount: { amountMinor: '1000' } }] } }],
      },
    });
    const { id } = made.data.subscribe;
    const read =
      'query ($id: ID!) { productSubscription(id: $id) { status } mySubscriptions { edges { node { id } } } }';
    expect((await ask(read, { id }, world.as(accountId))).data.mySubscriptions.edges).toEqual([
      { node: { id } },
    ]);
    expect((await ask(read, { id }, world.as(owner))).data.productSubscription.status).toBe(
      'ACTIVE',
    );
    const stranger = await aMember(world.db, { communityId: owner.communityId });
    expect((await ask(read, { id }, world.as(stranger))).codes).toEqual(['NOT_FOUND']);
    expect((await ask(read, { id }, world.as(null))).codes).toContain('UNAUTHENTICATED');
    expect(await subscribe(world.as(accountId), { priceId: 'x', wantsTrial: true })).toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
    });
    expect(new PriceIsPaidOnce().code).toBe('PRICE_IS_PAID_ONCE');
  });
});
