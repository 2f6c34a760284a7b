import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { aPrice } from '../catalogue/product.factory';
import { Price } from '../catalogue/price.entity';
import { archiveProduct } from '../catalogue/archive-product';
import { updatePrice } from '../catalogue/update-price';
import { BillingInterval, ProductKind } from '../catalogue/product-kind';
import { aMember } from '../communities/membership.factory';
import { ProviderUnavailable } from '../providers/provider';
import {
  anArticleOnSale,
  paymentsWorld,
  sandboxOwner,
  type PaymentsWorld,
} from '../payments-world.factory';
import { kitOf } from '../kit';
import { cancelOrder } from './cancel-order';
import { checkout, CheckoutSession } from './checkout';
import { expireOrders } from './expire-orders.job';

describe('checkout', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    await world.db.query('TRUNCATE outbox');
  });
  afterAll(() => world.close());

  const priceOf = (productId: string) =>
    world.db.findOneByOrFail(Price, { productId: productId as never });
  const entitlements = (accountId: string) =>
    world.db.query<{ status: string; productId: string }[]>(
      'SELECT status, product_id AS "productId" FROM entitlement WHERE account_id = $1',
      [accountId],
    );

  it('entitles with the settled payment and not before, and divides the money', async () => {
    const { owner, product, articleId } = await anArticleOnSale(world);
    const buyer = world.buyer();

    const session = await world.order(buyer, product);

    expect(session).toMatchObject({ status: 'awaiting-payment', provider: 'sandbox' });
    expect(session.paymentUrl).toMatch(/^\/pay\/sandbox\/[0-9a-f-]{36}$/);
    expect(await entitlements(buyer.id)).toEqual([]);

    await world.choose(session, 'success');

    expect(await world.orderOf(session)).toMatchObject({ status: 'paid', feeMinor: 6n });
    expect(await entitlements(buyer.id)).toEqual([{ status: 'active', productId: product.id }]);
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);
    expect(await world.balance('provider-balance', sandboxOwner)).toBe(-1000n);
    expect(await world.balance('provider-fee', sandboxOwner)).toBe(6n);
    const earned = await world.balance('creator-earnings', owner.memberId);
    expect(earned + (await world.balance('platform-fee', null))).toBe(994n);
    expect(earned).toBeGreaterThan(0n);
    expect((await emitted(world.db)).map(({ type, payload }) => [type, payload])).toContainEqual([
      'payments.entitlement.changed.v1',
      expect.objectContaining({
        accountId: buyer.id,
        status: 'active',
        endsAt: null,
        version: 1,
        grants: [{ type: 'article', id: articleId }],
      }),
    ]);
  });

  it('gives what is free at once', async () => {
    const { product } = await anArticleOnSale(world, '0');
    const buyer = world.buyer();
    const session = await world.order(buyer, product);
    expect(session).toMatchObject({ status: 'paid', paymentUrl: null, provider: null });
    expect(await entitlements(buyer.id)).toHaveLength(1);
  });

  it('answers the same to the same key, byte for byte, whatever happened since', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const idempotencyKey = newId();
    const first = await world.order(buyer, product, { idempotencyKey });
    await world.choose(first, 'success');
    await archiveProduct(world.as(owner), { productId: product.id });
    world.setNow('2026-01-02T00:00:00Z');

    const again = await world.order(buyer, product, { idempotencyKey });

    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    const orders = await world.db.query('SELECT FROM sales_order WHERE buyer_id = $1', [buyer.id]);
    expect(orders).toHaveLength(1);
  });

  it('refuses the same key for another request', async () => {
    const [one, other] = [await anArticleOnSale(world), await anArticleOnSale(world)];
    const buyer = world.buyer();
    const idempotencyKey = newId();
    await world.order(buyer, one.product, { idempotencyKey });
    await expect(world.order(buyer, other.product, { idempotencyKey })).rejects.toThrow(
      'IDEMPOTENCY_KEY_REUSED',
    );
    await expect(
      world.order(buyer, one.product, { idempotencyKey, returnPath: '/x' }),
    ).rejects.toThrow('IDEMPOTENCY_KEY_REUSED');
  });

  it('makes one order of twenty simultaneous requests with one key', async () => {
    const { product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const idempotencyKey = newId();
    const sessions = await Promise.all(
      Array.from({ length: 20 }, () => world.order(buyer, product, { idempotencyKey })),
    );
    expect(new Set(sessions.map((session) => JSON.stringify(session))).size).toBe(1);
    expect(
      await world.db.query('SELECT FROM payment WHERE order_id = $1', [sessions[0]?.orderId]),
    ).toHaveLength(1);
  });

  it('sells what is bought once only once', async () => {
    const { product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    await world.buy(buyer, product);
    await expect(world.order(buyer, product)).rejects.toThrow('ALREADY_OWNED');
  });

  it('gives the money back of a second order that was paid as well', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const [first, second] = [await world.order(buyer, product), await world.order(buyer, product)];
    await world.choose(first, 'success');
    const earned = await world.balance('creator-earnings', owner.memberId);
    await world.choose(second, 'success');

    expect(await entitlements(buyer.id)).toHaveLength(1);
    expect(await world.orderOf(second)).toMatchObject({ status: 'canceled' });
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(earned);
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);
    const refunds = await world.db.query(
      'SELECT origin, amount_minor AS n FROM refund WHERE order_id = $1',
      [second.orderId],
    );
    expect(refunds).toEqual([{ origin: 'unassigned', n: '1000' }]);
  });

  it('gives a free product once to simultaneous requests', async () => {
    const { product } = await anArticleOnSale(world, '0');
    const buyer = world.buyer();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => world.order(buyer, product)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await entitlements(buyer.id)).toHaveLength(1);
  });

  it('sells the last one of a hundred simultaneous purchases to one', async () => {
    const { product } = await anArticleOnSale(world, '500', {
      kind: ProductKind.EVENT_TICKET,
      unlocks: [],
      capacity: 1,
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, () => world.order(world.buyer(), product)),
    );
    const sold = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value] : [],
    );
    expect(sold).toHaveLength(1);
    for (const session of sold) await world.choose(session, 'success');
    expect(
      await world.db.query('SELECT capacity, held, sold FROM product_stock WHERE product_id = $1', [
        product.id,
      ]),
    ).toEqual([{ capacity: 1, held: 0, sold: 1 }]);
  });

  it('holds a seat until the order is canceled or expires, and gives it to a late payer if it is still there', async () => {
    const { product } = await anArticleOnSale(world, '500', { capacity: 1 });
    const [a, b] = [world.buyer(), world.buyer()];
    const first = await world.order(a, product);
    await expect(world.order(b, product)).rejects.toThrow('SOLD_OUT');
    await cancelOrder(world.as(a.id), { orderId: first.orderId });
    const second = await world.order(b, product);
    // The first buyer pays all the same, and there is none left: the money goes back.
    await world.deliver({ ...(await settled(first)) });
    expect(await world.orderOf(first)).toMatchObject({ status: 'canceled' });
    expect(await entitlements(a.id)).toEqual([]);
    // The second one is too late, but nobody else was faster.
    world.setNow('2026-01-01T01:00:00Z');
    await runJob(expireOrders);
    expect(await world.orderOf(second)).toMatchObject({ status: 'canceled' });
    await world.deliver({ ...(await settled(second)) });
    expect(await world.orderOf(second)).toMatchObject({ status: 'paid' });
    expect(await entitlements(b.id)).toHaveLength(1);
  });

  it('asks the provider about a payment that nobody told of', async () => {
    const { product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const session = await world.order(buyer, product);
    await world.db.query(`UPDATE sandbox_payment SET status = 'paid' WHERE payment_id = $1`, [
      (await world.paymentOf(session)).id,
    ]);
    world.setNow('2026-01-01T00:05:00Z');
    await runJob(expireOrders);
    expect(await world.orderOf(session)).toMatchObject({ status: 'paid' });
  });

  it('waits with an order while the provider is away, and goes on with the same key', async () => {
    const { product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const idempotencyKey = newId();
    const own = kitOf(world).providers.get('sandbox')?.startPayment;
    assert(own);
    world.withSandbox({ startPayment: () => Promise.reject(new ProviderUnavailable('down')) });
    await expect(world.order(buyer, product, { idempotencyKey })).rejects.toThrow(
      'PROVIDER_FAILED',
    );
    world.withSandbox({ startPayment: own });
    const session = await world.order(buyer, product, { idempotencyKey });
    expect(session.paymentUrl).not.toBeNull();
    await world.choose(session, 'success');
    expect(await entitlements(buyer.id)).toHaveLength(1);
  });

  it('keeps the price, the split and the refund policy of the order', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const session = await world.order(buyer, product);
    await updatePrice(world.as(owner), {
      productId: product.id,
      version: 1,
      prices: [aPrice('9900')],
      refundPolicy: { windowDays: 0, endsAccess: false },
    });
    await world.choose(session, 'success');
    expect(await world.orderOf(session)).toMatchObject({
      status: 'paid',
      totalMinor: 1000n,
      refundWindowDays: 14,
      refundEndsAccess: true,
    });
  });

  it.each<[string, string, (priceId: string) => object]>([
    ['an unknown price', 'PRODUCT_NOT_FOUND', () => ({ priceId: newId() })],
    ['what is no price', 'PRODUCT_NOT_FOUND', () => ({ priceId: "' OR true --" })],
    ['an unknown provider', 'PROVIDER_UNKNOWN', () => ({ provider: 'bitcoin' })],
    ['no key', 'INVALID_CHECKOUT', () => ({ idempotencyKey: '' })],
    ['a key that is too long', 'INVALID_CHECKOUT', () => ({ idempotencyKey: 'k'.repeat(201) })],
    ['a return to another site', 'INVALID_CHECKOUT', () => ({ returnPath: '//evil.example' })],
    ['a return by script', 'INVALID_CHECKOUT', () => ({ returnPath: 'javascript:alert(1)' })],
    ['a return with a backslash', 'INVALID_CHECKOUT', () => ({ returnPath: '/\\evil.example' })],
  ])('refuses %s: %s', async (_, code, input) => {
    const { product } = await anArticleOnSale(world);
    const price = await priceOf(product.id);
    await expect(world.order(world.buyer(), product, input(price.id))).rejects.toThrow(code);
  });

  it('refuses old prices, recurring ones, archived products and the products of others’ private communities', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const old = await priceOf(product.id);
    await updatePrice(world.as(owner), {
      productId: product.id,
      version: 1,
      prices: [aPrice('1')],
    });
    const buyer = world.buyer();
    const ask = (priceId: string) =>
      checkout(world.as(buyer.id), { priceId, idempotencyKey: newId() });
    expect(await ask(old.id)).toMatchObject({ code: 'PRODUCT_HAS_CHANGED', version: 2 });

    const { product: monthly } = await anArticleOnSale(world, '1', {
      kind: ProductKind.MEMBERSHIP,
      unlocks: [],
      prices: [aPrice('5', { interval: BillingInterval.MONTH })],
    });
    expect(await ask((await priceOf(monthly.id)).id)).toMatchObject({ code: 'PRICE_IS_RECURRING' });

    const { owner: seller, product: gone } = await anArticleOnSale(world);
    await archiveProduct(world.as(seller), { productId: gone.id });
    expect(await ask((await priceOf(gone.id)).id)).toMatchObject({ code: 'PRODUCT_IS_ARCHIVED' });

    await world.db.query(`UPDATE community SET visibility = 'private' WHERE id = $1`, [
      owner.communityId,
    ]);
    const member = await aMember(world.db, { communityId: owner.communityId });
    const [current] = await world.db.findBy(Price, { productId: product.id, version: 2 });
    expect(await ask(current?.id ?? '')).toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
    const bought = await checkout(world.as(member), {
      priceId: current?.id ?? '',
      idempotencyKey: newId(),
    });
    expect(bought).toBeInstanceOf(CheckoutSession);
    await expect(
      checkout(world.as(null), { priceId: current?.id ?? '', idempotencyKey: newId() }),
    ).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it.each([
    [`UPDATE sales_order SET status = 'refunded' WHERE id = $1`],
    [`UPDATE sales_order SET status = 'nonsense' WHERE id = $1`],
    [`UPDATE payment SET status = 'created' WHERE order_id = $1`],
  ])('has the database refuse an illegal move: %s', async (sql) => {
    const { product } = await anArticleOnSale(world);
    const session = await world.order(world.buyer(), product);
    await expect(world.db.query(sql, [session.orderId])).rejects.toMatchObject({ code: '23514' });
  });

  const settled = async (session: { orderId: string }) => {
    const payment = await world.paymentOf(session);
    const { amount, id: paymentId } = payment;
    return { kind: 'payment-settled' as const, paymentId, chargeRef: null, amount, fee: null };
  };
  const runJob = (job: typeof expireOrders) =>
    job.run({ deps: world.deps, ctx: world.service, signal: new AbortController().signal }, {});
});
