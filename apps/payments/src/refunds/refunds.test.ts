import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { UserError } from '@lyceum/platform';
import fc from 'fast-check';
import { aMember } from '../communities/membership.factory';
import { kitOf } from '../kit';
import { selectOrders } from '../orders/order.type';
import {
  anArticleOnSale,
  paymentsWorld,
  sandboxOwner,
  type PaymentsWorld,
} from '../payments-world.factory';
import { aMembership, aSubscriber, giveCard } from '../subscriptions/subscription.factory';
import { planRefund } from './plan-refund';
import { refundOrder, type RefundOrderInput } from './refund-order';
import { previewOf } from './refund.resolver';
import { sweepRefunds } from './send-refund.job';
import { leftAfter, takeFrom, type Taking } from './taken';

describe('refunds', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const refund = (by: { id: string }, input: Partial<RefundOrderInput> & { orderId: string }) =>
    refundOrder(world.as(by as never), { reason: '', idempotencyKey: newId(), ...input });
  const status = async (orderId: string) => {
    const rows = await world.db.query<{ status: string }[]>(
      `SELECT status FROM entitlement WHERE source_id = $1`,
      [orderId],
    );
    return rows.map((row) => row.status);
  };
  /** Asks the provider, and hears what it says. */
  const send = async () => {
    const asJob = { deps: world.deps, ctx: world.service, signal: AbortSignal.abort() };
    // A sweep takes up fifty, and those that earlier tests left undecided come first.
    for (let sweeps = 0; sweeps < 5; sweeps += 1) await sweepRefunds.run(asJob, {});
    await world.settleDown();
  };
  const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
  const holders = async (memberId: string) => ({
    creator: await world.balance('creator-earnings', memberId),
    platform: await world.balance('platform-fee', null),
    fee: await world.balance('provider-fee', sandboxOwner),
    held: await world.balance('refunds', null),
    provider: await world.balance('provider-balance', sandboxOwner),
  });

  it('gives everything back: money, access, and each share to the last unit', async () => {
    const before = await holders(newId());
    const { owner, product } = await anArticleOnSale(world, '1001');
    const buyer = world.buyer();
    const order = await world.buy(buyer, product);

    const answer = await refund(buyer, { orderId: order.id });

    expect(answer).toMatchObject({ status: 'requested', amountMinor: 1001n, endsAccess: true });
    expect(await status(order.id)).toEqual(['revoked']);
    expect((await holders(owner.memberId)).held - before.held).toBe(1001n);
    await send();
    expect(await world.orderOf(order)).toMatchObject({ status: 'refunded', refundedMinor: 1001n });
    const after = await holders(owner.memberId);
    const revenue = await world.db.query<{ kind: string; n: string }[]>(
      'SELECT kind, amount_minor AS n FROM product_revenue WHERE product_id = $1 ORDER BY amount_minor',
      [product.id],
    );
    expect(revenue).toEqual([
      { kind: 'refund', n: '-1001' },
      { kind: 'sale', n: '1001' },
    ]);
    expect(after.creator).toBe(0n);
    expect(after.held).toBe(before.held);
    expect(after.provider).toBe(before.provider);
    // The provider keeps its fee, and the platform has borne it.
    expect(after.fee - before.fee).toBe(6n);
    expect(after.platform - before.platform).toBe(-6n);
  });

  it('does exactly what its preview says, for any price, any parts and either kind of provider', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 1n, max: 1_000_000n }),
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (price, parts, returnsFee) => {
          const kit = kitOf(world);
          const { capabilities } = kit.providers.get('sandbox') ?? assert.fail();
          world.withSandbox({
            capabilities: { ...capabilities, feeOnRefund: returnsFee ? 'pro-rata' : 'kept' },
          });
          const { owner, product } = await anArticleOnSale(world, price.toString());
          const order = await world.buy(world.buyer(), product);
          for (const part of parts) {
            const left = (await world.orderOf(order)).refundable.amountMinor;
            if (left === 0n) break;
            const amountMinor = BigInt(Math.max(1, Math.floor(Number(left) * part))).toString();
            const request = { orderId: order.id, amount: { amountMinor, currency: 'CNY' } };
            const plan = await planRefund(world.as(owner), request, world.deps.now());
            assert(!(plan instanceof UserError));
            const preview = previewOf(plan);
            const before = await holders(owner.memberId);
            const statusBefore = await status(order.id);
            assert(!((await refund(owner, request)) instanceof UserError));
            const after = await holders(owner.memberId);

            expect({
              creator: (before.creator - after.creator).toString(),
              platform: (before.platform - after.platform).toString(),
              fee: (before.fee - after.fee).toString(),
              held: (after.held - before.held).toString(),
              access: (await status(order.id))[0] === 'revoked' && statusBefore[0] !== 'revoked',
              left: (await world.orderOf(order)).refundable.amountMinor.toString(),
            }).toEqual({
              creator: preview.creatorsGive.amountMinor,
              platform: preview.platformGives.amountMinor,
              fee: preview.providerGives.amountMinor,
              held: preview.buyerGets.amountMinor,
              access: preview.endsAccess,
              left: preview.leftAfter.amountMinor,
            });
          }
          world.withSandbox({ capabilities });
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('splits any sequence of parts so that together they are the whole', () => {
    const taking = (index: number, amountMinor: bigint): Taking => ({
      code: 'creator-earnings',
      ownerId: `owner-${String(index)}`,
      amount: cny(amountMinor),
    });
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { maxLength: 6 }),
        (shares, amounts) => {
          const whole = shares.map((share, index) => taking(index, share));
          const taken: (readonly Taking[])[] = [];
          const leftNow = () => leftAfter(whole, taken);
          const sumOf = (parts: readonly Taking[]) =>
            parts.reduce((total, { amount }) => total + amount.amountMinor, 0n);
          for (const amount of amounts) {
            const left = sumOf(leftNow());
            if (left === 0n) break;
            const part = takeFrom(leftNow(), cny(amount < left ? amount : left));
            expect(sumOf(part)).toBe(amount < left ? amount : left);
            taken.push(part);
            expect(leftNow().every(({ amount: rest }) => rest.amountMinor > 0n)).toBe(true);
          }
          const rest = sumOf(leftNow());
          if (rest > 0n) taken.push(takeFrom(leftNow(), cny(rest)));
          expect(leftNow()).toEqual([]);
        },
      ),
    );
  });

  it('refunds once for one key, and never more than was paid, however many ask at once', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const order = await world.buy(world.buyer(), product);
    const idempotencyKey = newId();
    const half = { orderId: order.id, amount: { amountMinor: '600', currency: 'CNY' } };
    const same = await Promise.all(
      Array.from({ length: 5 }, () => refund(owner, { ...half, idempotencyKey })),
    );
    expect(new Set(same.map((answer) => ('id' in answer ? answer.id : answer.code))).size).toBe(1);
    const others = await Promise.all(Array.from({ length: 5 }, () => refund(owner, half)));
    expect(others.every((answer) => 'code' in answer && answer.code === 'NOT_REFUNDABLE')).toBe(
      true,
    );
    expect(await world.orderOf(order)).toMatchObject({ refundedMinor: 600n, status: 'paid' });
    expect(await status(order.id)).toEqual(['active']);
    expect(await refund(owner, { ...half, idempotencyKey, reason: 'other' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('undoes a refund that the provider cannot pay out', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const order = await world.buy(world.buyer(), product);
    const before = await holders(owner.memberId);
    const answer = await refund(owner, { orderId: order.id });
    assert('id' in answer);
    await world.deliver({ kind: 'refund-failed', refundId: answer.id });
    await world.deliver({ kind: 'refund-settled', refundId: answer.id }); // too late: failed is final
    expect(await holders(owner.memberId)).toEqual(before);
    expect(await world.orderOf(order)).toMatchObject({ status: 'paid', refundedMinor: 0n });
    expect(await status(order.id)).toEqual(['active']);
  });

  it('gives nothing twice when a refund fails after the product was bought again', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const first = await world.buy(buyer, product);
    const answer = await refund(owner, { orderId: first.id });
    assert('id' in answer);
    const second = await world.buy(buyer, product);
    expect(await world.deliver({ kind: 'refund-failed', refundId: answer.id })).toBe('processed');
    expect([await status(first.id), await status(second.id)]).toEqual([['revoked'], ['active']]);
    expect(await world.orderOf(first)).toMatchObject({ status: 'paid', refundedMinor: 0n });
  });

  it.each<[string, string, (orderId: string) => Partial<RefundOrderInput>]>([
    [
      'too much',
      'more than can go back',
      () => ({ amount: { amountMinor: '1001', currency: 'CNY' } }),
    ],
    ['nothing', 'more than nothing', () => ({ amount: { amountMinor: '0', currency: 'CNY' } })],
    [
      'less than nothing',
      'more than nothing',
      () => ({ amount: { amountMinor: '-1', currency: 'CNY' } }),
    ],
    ['another currency', 'own currency', () => ({ amount: { amountMinor: '1', currency: 'USD' } })],
    ['what is no amount', 'no amount', () => ({ amount: { amountMinor: '1.5', currency: 'CNY' } })],
  ])('refuses %s', async (_, message, input) => {
    const { owner, product } = await anArticleOnSale(world);
    const order = await world.buy(world.buyer(), product);
    expect(await refund(owner, { orderId: order.id, ...input(order.id) })).toMatchObject({
      code: 'NOT_REFUNDABLE',
      message: expect.stringContaining(message) as string,
    });
  });

  it('lets a buyer have all of it back in time, and nobody else', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const order = await world.buy(buyer, product);
    const member = await aMember(world.db, { communityId: owner.communityId });
    expect(await refund(member, { orderId: order.id })).toMatchObject({ code: 'ORDER_NOT_FOUND' });
    expect(await refund(buyer, { orderId: newId() })).toMatchObject({ code: 'ORDER_NOT_FOUND' });
    expect(
      await refund(buyer, { orderId: order.id, amount: { amountMinor: '1', currency: 'CNY' } }),
    ).toMatchObject({ code: 'NOT_REFUNDABLE' });
    world.setNow('2026-01-15T00:00:01Z');
    expect(await refund(buyer, { orderId: order.id })).toMatchObject({ code: 'NOT_REFUNDABLE' });
    expect(await refund(owner, { orderId: order.id, endsAccess: false })).toMatchObject({
      status: 'requested',
      endsAccess: false,
    });
    expect(await status(order.id)).toEqual(['active']);
    await expect(
      refundOrder(world.as(null), { orderId: order.id, reason: '', idempotencyKey: 'x' }),
    ).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('does what the provider can do', async () => {
    const { capabilities } = kitOf(world).providers.get('sandbox') ?? assert.fail();
    const { owner, product } = await anArticleOnSale(world);
    const order = await world.buy(world.buyer(), product);
    const part = { orderId: order.id, amount: { amountMinor: '10', currency: 'CNY' } };
    const with_ = async (change: Partial<typeof capabilities>) => {
      world.withSandbox({ capabilities: { ...capabilities, ...change } });
      const answer = await planRefund(world.as(owner), part, world.deps.now());
      world.withSandbox({ capabilities });
      return 'message' in answer ? answer.message : 'planned';
    };
    expect(await with_({ partialRefunds: false })).toMatch('all or nothing');
    expect(await with_({})).toBe('planned');
    await refund(owner, part);
    expect(await with_({ maxRefunds: 1 })).toMatch('no more often');
    expect(await with_({ refundIntervalMs: 60_000 })).toMatch('pause');
    world.setNow('2027-02-01T00:00:00Z');
    expect(await with_({})).toMatch('this old');
  });

  it('pays a renewal back that was charged without a page', async () => {
    world.setNow('2026-01-01T00:00:00Z');
    const { owner, month } = await aMembership(world);
    const buyer = world.buyer();
    await giveCard(world, buyer.id);
    await aSubscriber(world, buyer.id, { priceId: month.id });
    const [order] = await selectOrders(world.db, 'buyer_id = $1', [buyer.id]);
    await refund(owner, { orderId: order?.id ?? '' });
    world.setNow('2026-01-02T00:00:00Z');
    await send();
    expect(await world.orderOf({ id: order?.id ?? '' })).toMatchObject({ status: 'refunded' });
  });
});
