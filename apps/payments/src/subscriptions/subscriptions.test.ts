/* eslint-disable lyceum/max-lines-hard -- one life of a subscription, in one world */
import { newId, type AccountId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { GraphQLSchema } from 'graphql';
import { askGraph } from '../graph/ask.factory';
import { createApp } from '../app';
import { aMember } from '../communities/membership.factory';
import { CouponDuration, CouponKind } from '../coupons/coupon.entity';
import { CouponUsedBefore } from '../coupons/coupon.errors';
import { aCoupon } from '../coupons/coupon.factory';
import { kitOf, openKit } from '../kit';
import { paymentsWorld, sandboxOwner, type PaymentsWorld } from '../payments-world.factory';
import { addDays } from './calendar';
import { PlanChangeMode } from './change-plan';
import {
  cancelSubscription,
  keepSubscription,
  pauseSubscription,
  resumeSubscription,
  retryPayment,
} from './control';
import { changePlan, previewPlanChange } from './make-plan-change';
import { payInvoice } from './pay-invoice';
import { selectInvoices, selectSubscriptions } from './rows';
import { chargeOpenInvoice, subscribe } from './subscribe';
import {
  AlreadySubscribed,
  NothingToPay,
  PaymentUnderWay,
  PriceIsPaidOnce,
  SubscriptionNotChangeable,
  SubscriptionNotFound,
  SubscriptionTrialUsed,
} from './subscription.errors';
import { aMembership, aSubscriber, giveCard, letTimeWork } from './subscription.factory';
import type { ProductSubscription } from './subscription.type';

const start = new Date('2026-04-01T00:00:00.000Z'); // April has 30 days
const day = (n: number) => addDays(start, n);

describe('subscriptions', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => {
    world.setNow(start);
  });
  afterEach(async () => {
    const uneven = await world.db.query<unknown[]>(
      'SELECT transfer_id FROM ledger_entry GROUP BY transfer_id, currency HAVING sum(amount_minor) <> 0',
    );
    expect(uneven).toEqual([]);
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);
  });
  afterAll(() => world.close());

  const buyer = async (card: Parameters<typeof giveCard>[2] | null = {}): Promise<AccountId> => {
    const id = newId<'Account'>();
    if (card !== null) await giveCard(world, id, card);
    return id;
  };
  const at = async (now: Date) => {
    world.setNow(now);
    await letTimeWork(world);
  };
  const now = async ({ id }: { id: string }): Promise<ProductSubscription> => {
    const [found] = await selectSubscriptions(world.db, 'subscription.id = $1', [id]);
    if (found === undefined) throw new Error('no subscription');
    return found;
  };
  const invoices = ({ id }: { id: string }) =>
    selectInvoices(world.db, 'subscription_id = $1 ORDER BY id', [id]);
  const accessUntil = async ({ id }: { id: string }): Promise<Date | null> => {
    const [row] = await world.db.query<{ endsAt: Date }[]>(
      `SELECT ends_at AS "endsAt" FROM entitlement WHERE source_id = $1 AND status = 'active' ORDER BY ends_at DESC`,
      [id],
    );
    return row?.endsAt ?? null;
  };
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

  it('duns on days 2, 7, 14 and 21, keeps access for the grace, and is then over', async () => {
    const { month } = await aMembership(world, { graceDays: 2 });
    const accountId = await buyer();
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });
    await giveCard(world, accountId, { token: 'decline' });
    const declines: number[] = [];
    for (let n = 29; n <= 53; n += 1) {
      await at(day(n));
      const [, renewal] = await invoices(subscription);
      declines.push(renewal?.declines ?? 0);
      if (n === 30) expect(await now(subscription)).toMatchObject({ status: 'past_due' });
    }
    const changes = declines.flatMap((count, n) =>
      count > (declines[n - 1] ?? 0) ? [n + 29] : [],
    );
    expect(changes).toEqual([30, 32, 37, 44, 51]);
    expect(await now(subscription)).toMatchObject({ status: 'canceled', endedAt: day(51) });
    expect(await accessUntil(subscription)).toEqual(day(30));
    expect(await invoices(subscription)).toMatchObject([{ status: 'paid' }, { status: 'void' }]);
  });

  it('goes on when another card is charged, in its own rhythm', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer();
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });
    await giveCard(world, accountId, { token: 'decline' });
    await at(day(30));
    world.setNow(day(31));
    await giveCard(world, accountId, { token: 'ok' });
    await retryPayment(world.as(accountId), { subscriptionId: subscription.id });
    await chargeOpenInvoice(world.as(accountId), subscription.id);
    expect(await now(subscription)).toMatchObject({
      status: 'active',
      periodEnd: new Date('2026-06-01T00:00:00.000Z'),
    });
  });

  it('is over at once after a hard decline', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer();
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });
    await giveCard(world, accountId, { token: 'decline-hard' });
    await at(day(30));
    expect(await now(subscription)).toMatchObject({ status: 'canceled' });
  });

  it('charges nothing after it is canceled, whenever that is', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer();
    const ctx = world.as(accountId);
    const early = await aSubscriber(world, accountId, { priceId: month.id });
    const of = { subscriptionId: early.id, isAtOnce: false };
    expect(await cancelSubscription(ctx, of)).toMatchObject({ cancelAtPeriodEnd: true });
    expect(await accessUntil(early)).toEqual(day(30));
    expect(await keepSubscription(ctx, of)).toMatchObject({ cancelAtPeriodEnd: false });
    expect(await accessUntil(early)).toEqual(day(37));
    await cancelSubscription(ctx, of);
    await at(day(40));
    expect(await now(early)).toMatchObject({ status: 'canceled', endedAt: day(30) });
    expect(await invoices(early)).toHaveLength(1);
    expect(await cancelSubscription(ctx, of)).toMatchObject({ status: 'canceled' });
    expect(await keepSubscription(ctx, of)).toBeInstanceOf(SubscriptionNotChangeable);

    world.setNow(day(41));
    const dunned = await aSubscriber(world, accountId, { priceId: month.id });
    await giveCard(world, accountId, { token: 'decline' });
    await at(day(72));
    expect(await now(dunned)).toMatchObject({ status: 'past_due' });
    await giveCard(world, accountId, { token: 'ok' });
    await cancelSubscription(ctx, { subscriptionId: dunned.id, isAtOnce: false });
    await at(day(100));
    expect(await now(dunned)).toMatchObject({ status: 'canceled' });
    expect((await invoices(dunned)).map(({ status }) => status)).toEqual(['paid', 'void']);
  });

  it('that is canceled while its provider is being asked keeps what is paid then, and ends with it', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer();
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });
    const kit = kitOf({ db: world.db });
    const sandbox = kit.providers.get('sandbox');
    if (sandbox === undefined) throw new Error('no sandbox');
    const chargeSaved: typeof sandbox.chargeSaved = async (charge) => {
      const of = { subscriptionId: subscription.id, isAtOnce: true };
      await cancelSubscription(world.as(accountId), of); // meanwhile
      return (await sandbox.chargeSaved?.(charge)) ?? Promise.reject(new Error());
    };
    openKit(world.deps, { ...kit, providers: new Map([['sandbox', { ...sandbox, chargeSaved }]]) });
    await at(day(30));
    openKit(world.deps, kit);
    expect(await now(subscription)).toMatchObject({ status: 'active', cancelAtPeriodEnd: true });
    await at(day(90));
    expect(await now(subscription)).toMatchObject({ status: 'canceled' });
    expect((await invoices(subscription)).map(({ status }) => status)).toEqual(['paid', 'paid']);
  });

  it('books money that comes after it has ended, and stays ended', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer(null);
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });
    await giveCard(world, accountId);
    const kit = kitOf({ db: world.db });
    const sandbox = kit.providers.get('sandbox');
    if (sandbox === undefined) throw new Error('no sandbox');
    const chargeSaved: typeof sandbox.chargeSaved = async (charge) => {
      await world.db.query(
        `UPDATE subscription SET status = 'canceled', ended_at = $2, next_action_at = NULL WHERE id = $1`,
        [subscription.id, start],
      );
      return (await sandbox.chargeSaved?.(charge)) ?? Promise.reject(new Error());
    };
    openKit(world.deps, { ...kit, providers: new Map([['sandbox', { ...sandbox, chargeSaved }]]) });
    await retryPayment(world.as(accountId), { subscriptionId: subscription.id });
    await letTimeWork(world);
    openKit(world.deps, kit);
    expect(await now(subscription)).toMatchObject({ status: 'canceled' });
    expect(await invoices(subscription)).toMatchObject([{ status: 'paid', totalMinor: 1000n }]);
    expect(await accessUntil(subscription)).toBeNull();
  });

  it('asks again under the same id when an answer was lost, and charges nobody twice', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer();
    const subscription = await aSubscriber(world, accountId, { priceId: month.id });
    const kit = kitOf({ db: world.db });
    const sandbox = kit.providers.get('sandbox');
    if (sandbox === undefined) throw new Error('no sandbox');
    const asked: string[] = [];
    const chargeSaved: typeof sandbox.chargeSaved = async (charge) => {
      asked.push(charge.chargeId);
      if (asked.length === 1)
        throw new Error('the connection broke after the provider had charged');
      return (await sandbox.chargeSaved?.(charge)) ?? Promise.reject(new Error());
    };
    openKit(world.deps, { ...kit, providers: new Map([['sandbox', { ...sandbox, chargeSaved }]]) });
    await at(day(30));
    await at(new Date(day(30).getTime() + 60_000));
    expect(asked).toHaveLength(1);
    await at(new Date(day(30).getTime() + 301_000));
    openKit(world.deps, kit);
    expect(asked).toHaveLength(2);
    expect(new Set(asked).size).toBe(1);
    expect(await now(subscription)).toMatchObject({ status: 'active', declines: 0 });
  });

  it('pauses at the end of its period and goes on by itself', async () => {
    const { month } = await aMembership(world);
    const accountId = await buyer();
    const ctx = world.as(accountId);
    const { id: subscriptionId } = await aSubscriber(world, accountId, { priceId: month.id });
    const early = { subscriptionId, resumesAt: day(10) };
    expect(await pauseSubscription(ctx, early)).toBeInstanceOf(SubscriptionNotChangeable);
    await pauseSubscription(ctx, { subscriptionId, resumesAt: day(60) });
    await at(day(31));
    expect(await now({ id: subscriptionId })).toMatchObject({ status: 'paused' });
    expect(await accessUntil({ id: subscriptionId })).toEqual(day(30));
    await at(day(60));
    expect(await now({ id: subscriptionId })).toMatchObject({
      status: 'active',
      periodStart: day(60),
    });
    expect(await resumeSubscription(ctx, { subscriptionId })).toBeInstanceOf(
      SubscriptionNotChangeable,
    );
  });

  it('changes plan for +14.50 after one of 30 days, and back for a credit of it (vector 5d)', async () => {
    const small = await aMembership(world, { month: '500', year: '5000', currency: 'USD' });
    const big = await aMembership(world, { owner: small.owner, month: '2000', currency: 'USD' });
    const accountId = await buyer();
    const ctx = world.as(accountId);
    const { id: subscriptionId } = await aSubscriber(world, accountId, { priceId: small.month.id });
    world.setNow(day(1));
    const up = { subscriptionId, priceId: big.month.id, mode: PlanChangeMode.CHARGE_NOW };
    expect(await previewPlanChange(ctx, up)).toMatchObject({ dueNow: { amountMinor: 1450n } });
    expect(await changePlan(ctx, up)).toMatchObject({
      productId: big.product.id,
      periodEnd: day(30),
    });
    expect((await invoices({ id: subscriptionId })).at(-1)).toMatchObject({
      kind: 'change',
      status: 'paid',
      totalMinor: 1450n,
    });
    const down = { ...up, priceId: small.month.id };
    expect(await changePlan(ctx, down)).toMatchObject({ productId: small.product.id });
    await at(day(30));
    const renewals = (await invoices({ id: subscriptionId })).slice(2);
    expect(renewals).toMatchObject([{ status: 'paid', totalMinor: 0n }]); // 5.00 − 14.50
    await at(day(61));
    expect((await invoices({ id: subscriptionId })).at(-1)).toMatchObject({ totalMinor: 0n }); // 5.00 − 9.50
    await at(day(91));
    expect((await invoices({ id: subscriptionId })).at(-1)).toMatchObject({ totalMinor: 50n }); // 5.00 − 4.50
  });

  it('keeps its plan when the change is not paid', async () => {
    const small = await aMembership(world, { month: '500' });
    const big = await aMembership(world, { owner: small.owner, month: '2000' });
    const accountId = await buyer();
    const { id: subscriptionId } = await aSubscriber(world, accountId, { priceId: small.month.id });
    await giveCard(world, accountId, { token: 'decline' });
    const up = { subscriptionId, priceId: big.month.id, mode: PlanChangeMode.CHARGE_NOW };
    expect(await changePlan(world.as(accountId), up)).toMatchObject({
      productId: small.product.id,
      status: 'active',
    });
  });

  it('changes with the next period, the newest change, or begins a new one', async () => {
    const small = await aMembership(world, { month: '500' });
    const big = await aMembership(world, { owner: small.owner, month: '2000' });
    const biggest = await aMembership(world, { owner: small.owner, month: '3000' });
    const accountId = await buyer();
    const ctx = world.as(accountId);
    const { id: subscriptionId } = await aSubscriber(world, accountId, { priceId: small.month.id });
    const next = { subscriptionId, mode: PlanChangeMode.NEXT_PERIOD };
    await changePlan(ctx, { ...next, priceId: big.month.id });
    await changePlan(ctx, { ...next, priceId: biggest.month.id });
    expect(await now({ id: subscriptionId })).toMatchObject({ productId: small.product.id });
    await at(day(30));
    expect(await now({ id: subscriptionId })).toMatchObject({ productId: biggest.product.id });
    expect((await invoices({ id: subscriptionId })).at(-1)).toMatchObject({ totalMinor: 3000n });

    world.setNow(day(40));
    const reset = { subscriptionId, priceId: big.month.id, mode: PlanChangeMode.RESET };
    expect(await changePlan(ctx, reset)).toMatchObject({ periodStart: day(40), status: 'active' });
    const yearly = { subscriptionId, priceId: big.year.id, mode: PlanChangeMode.NEXT_INVOICE };
    expect(await changePlan(ctx, yearly)).toMatchObject({ interval: 'year', periodStart: day(40) });
    expect((await invoices({ id: subscriptionId })).at(-1)).toMatchObject({ totalMinor: 8000n });
  });

  it('is not changed to what is sold otherwise, elsewhere, or is no plan', async () => {
    const { month, product } = await aMembership(world);
    const elsewhere = await aMembership(world);
    const dollars = await aMembership(world, { currency: 'USD' });
    const accountId = await buyer();
    const ctx = world.as(accountId);
    const { id: subscriptionId } = await aSubscriber(world, accountId, { priceId: month.id });
    const change = { subscriptionId, mode: PlanChangeMode.NEXT_PERIOD };
    for (const priceId of [elsewhere.month.id, dollars.month.id, month.id, newId<'Price'>(), 'x']) {
      const refused = await changePlan(ctx, { ...change, priceId });
      expect(refused).toHaveProperty('code');
    }
    expect(product.id).not.toBe(elsewhere.product.id);
    const stranger = world.as(newId<'Account'>());
    expect(await changePlan(stranger, { ...change, priceId: month.id })).toEqual(
      new SubscriptionNotFound(),
    );
    await cancelSubscription(ctx, { subscriptionId, isAtOnce: true });
    expect(await changePlan(ctx, { ...change, priceId: month.id })).toHaveProperty('code');
    expect(new PaymentUnderWay().code).toBe('PAYMENT_UNDER_WAY');
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
