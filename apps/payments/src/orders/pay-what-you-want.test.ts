import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import fc from 'fast-check';
import { InvalidPrices } from '../catalogue/catalogue.errors';
import { createProduct } from '../catalogue/create-product';
import type { PriceInput } from '../catalogue/price-list';
import { BillingInterval, ProductKind } from '../catalogue/product-kind';
import { currentPrices } from '../catalogue/product.queries';
import { updatePrice } from '../catalogue/update-price';
import { aMember } from '../communities/membership.factory';
import { aCoupon } from '../coupons/coupon.factory';
import { anArticleOnSale, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { planRefund } from '../refunds/plan-refund';
import { refundOrder } from '../refunds/refund-order';
import { previewOf } from '../refunds/refund.resolver';

const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' });
const atWill = (
  least: string,
  suggested: string,
  { interval = BillingInterval.ONE_OFF, currency = 'CNY' } = {},
): PriceInput => ({
  amount: cny(least),
  interval,
  suggested: { amountMinor: suggested, currency },
});

describe('paying what one wants', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  const onSale = (least: string, suggested: string) =>
    anArticleOnSale(world, least, { prices: [atWill(least, suggested)] });

  it('asks for what is suggested, unless the buyer says otherwise, and divides what was paid', async () => {
    const { owner, product } = await onSale('100', '500');
    expect((await world.order(world.buyer(), product)).total).toMatchObject(cny('500'));

    const session = await world.order(world.buyer(), product, { amount: cny('1000') });
    expect(session.total).toMatchObject(cny('1000'));
    await world.choose(session, 'success');
    // (1000 − 6) in 90 : 10 is 894.6 : 99.4
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(895n);
  });

  it('gives what costs nothing at once, where nothing is enough', async () => {
    const { product } = await onSale('0', '500');
    const session = await world.order(world.buyer(), product, { amount: cny('0') });
    expect(session).toMatchObject({ status: 'paid', paymentUrl: null });
  });

  it.each([
    ['less than the least', '99', 'CNY'],
    ['a negative amount', '-500', 'CNY'],
    ['no amount', '1.5', 'CNY'],
    ['another currency', '500', 'USD'],
    ['more than anybody has', '1000000000001', 'CNY'],
  ])('refuses %s', async (_, amountMinor, currency) => {
    const { product } = await onSale('100', '500');
    await expect(
      world.order(world.buyer(), product, { amount: { amountMinor, currency } }),
    ).rejects.toMatchObject({ session: { code: 'AMOUNT_NOT_TAKEN', least: cny('100') } });
  });

  it('takes no other amount for a fixed price', async () => {
    const { product } = await anArticleOnSale(world, '1000');
    const order = (amountMinor: string) =>
      world.order(world.buyer(), product, { amount: cny(amountMinor) });
    await expect(order('1')).rejects.toThrow('AMOUNT_NOT_TAKEN');
    expect((await order('1000')).total).toMatchObject(cny('1000'));
  });

  it('takes a coupon off what the buyer has chosen', async () => {
    const { owner, product } = await onSale('100', '500');
    const { coupon } = await aCoupon(world, { owner, basisPoints: 2_500 });
    const input = { amount: cny('1000'), couponCode: coupon.code };
    const session = await world.order(world.buyer(), product, input);
    expect(session.total).toMatchObject(cny('750'));
  });

  it('answers the same key the same, and refuses it for another amount', async () => {
    const { product } = await onSale('100', '500');
    const buyer = world.buyer();
    const input = { amount: cny('300'), idempotencyKey: newId() };
    const first = await world.order(buyer, product, input);
    expect(await world.order(buyer, product, input)).toEqual(first);
    await expect(world.order(buyer, product, { ...input, amount: cny('400') })).rejects.toThrow(
      'IDEMPOTENCY_KEY_REUSED',
    );
  });

  it('gives back what was paid, exactly as the preview says', async () => {
    const { owner, product } = await onSale('0', '500');
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 1n, max: 1_000_000n }), async (amount) => {
        const buyer = world.buyer();
        const chosen = { amount: cny(amount.toString()) };
        const { orderId } = await world.order(buyer, product, chosen);
        await world.choose({ orderId }, 'success');
        const before = await world.balance('creator-earnings', owner.memberId);
        const plan = await planRefund(world.as(buyer), { orderId }, world.deps.now());
        assert(!(plan instanceof UserError));
        const refund = { orderId, reason: '', idempotencyKey: newId() };
        assert(!((await refundOrder(world.as(buyer), refund)) instanceof UserError));

        const preview = previewOf(plan);
        expect(preview.buyerGets).toMatchObject(chosen.amount);
        const after = await world.balance('creator-earnings', owner.memberId);
        expect((before - after).toString()).toBe(preview.creatorsGive.amountMinor);
        expect(after).toBe(0n);
      }),
      { numRuns: 10 },
    );
  });

  it('is a new version of the price when the suggestion changes, and the same list when not', async () => {
    const { owner, product } = await onSale('100', '500');
    const price = (suggested: string) =>
      updatePrice(world.as(owner), {
        productId: product.id,
        version: 1,
        prices: [atWill('100', suggested)],
      });
    expect(await price('500')).toMatchObject({ version: 1 });
    expect(await price('600')).toMatchObject({ version: 2 });
  });

  it.each<[string, ProductKind, PriceInput]>([
    [
      'of a subscription',
      ProductKind.MEMBERSHIP,
      atWill('100', '500', { interval: BillingInterval.MONTH }),
    ],
    ['of time with somebody', ProductKind.CONSULTING, atWill('100', '500')],
    ['of seats', ProductKind.SEAT_PACK, atWill('100', '500')],
    ['with a suggestion below the least', ProductKind.COURSE, atWill('500', '100')],
    ['in two currencies', ProductKind.COURSE, atWill('100', '500', { currency: 'USD' })],
    ['without an amount', ProductKind.COURSE, atWill('100', 'much')],
  ])('cannot be the price %s', async (_, kind, price) => {
    const owner = await aMember(world.db, { role: 'owner' });
    const input = { communityId: owner.communityId, kind, title: 'x', prices: [price] };
    expect(await createProduct(world.as(owner), input)).toBeInstanceOf(InvalidPrices);
  });

  it('stands in the prices of the product', async () => {
    const { product } = await onSale('100', '500');
    const [price] = await currentPrices(world.db, product);
    expect([price?.amountField, price?.suggestedField]).toMatchObject([cny('100'), cny('500')]);
  });
});
