import { kitOf, openKit } from '../kit';
import { cancelSubscription, keepSubscription, retryPayment } from './control';
import { chargeOpenInvoice } from './subscribe';
import { SubscriptionNotChangeable } from './subscription.errors';
import { aMembership, aSubscriber, giveCard, letTimeWork } from './subscription.factory';
import type { PaymentsWorld } from '../payments-world.factory';
import { day, start, subscriptionWorld } from './subscription-world.factory';

describe('a subscription that is charged', () => {
  const of = subscriptionWorld();
  const { buyer, at, now, invoices, accessUntil } = of;
  let world: PaymentsWorld;
  beforeAll(() => {
    world = of.world;
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
});
