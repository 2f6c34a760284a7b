import { newId } from '@lyceum/contracts';
import { PlanChangeMode } from './change-plan';
import { cancelSubscription, pauseSubscription, resumeSubscription } from './control';
import { changePlan, previewPlanChange } from './make-plan-change';
import {
  PaymentUnderWay,
  SubscriptionNotChangeable,
  SubscriptionNotFound,
} from './subscription.errors';
import { aMembership, aSubscriber, giveCard } from './subscription.factory';
import type { PaymentsWorld } from '../payments-world.factory';
import { day, subscriptionWorld } from './subscription-world.factory';

describe('a subscription that is paused or changed', () => {
  const of = subscriptionWorld();
  const { buyer, at, now, invoices, accessUntil } = of;
  let world: PaymentsWorld;
  beforeAll(() => {
    world = of.world;
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
});
