import { aCoupon } from '../coupons/coupon.factory';
import { anArticleOnSale, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { refundOrder } from '../refunds/refund-order';
import { cancelOrder } from './cancel-order';

describe('checkout with a coupon', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  const uses = async (code: string) =>
    world.db.query<{ released: boolean }[]>(
      `SELECT released_at IS NOT NULL AS released FROM coupon_use JOIN coupon ON coupon.id = coupon_id
       WHERE code = $1 ORDER BY order_id`,
      [code],
    );

  it('takes it off the price, divides what is left, and counts it until it is given back', async () => {
    const { owner, product } = await anArticleOnSale(world, '1000');
    await aCoupon(world, { owner, code: 'HALF', basisPoints: 5_000, maxUses: 1 });
    const [a, b] = [world.buyer(), world.buyer()];
    await expect(world.order(a, product, { couponCode: 'NONE' })).rejects.toThrow(
      'COUPON_NOT_FOUND',
    );

    const first = await world.order(a, product, { couponCode: 'half' });
    expect(first.total).toEqual({ amountMinor: '500', currency: 'CNY' });
    await expect(world.order(b, product, { couponCode: 'HALF' })).rejects.toThrow('COUPON_USED_UP');
    await cancelOrder(world.as(a.id), { orderId: first.orderId });
    expect(await uses('HALF')).toEqual([{ released: true }]);

    const second = await world.order(b, product, { couponCode: 'HALF' });
    await world.choose(second, 'success');
    const order = await world.orderOf(second);
    expect(order).toMatchObject({ status: 'paid', totalMinor: 500n, discountMinor: 500n });
    const refund = (amountMinor: string, idempotencyKey: string) =>
      refundOrder(world.as(owner), {
        orderId: order.id,
        amount: { amountMinor, currency: 'CNY' },
        reason: '',
        idempotencyKey,
      });
    await refund('200', 'part');
    expect(await uses('HALF')).toEqual([{ released: true }, { released: false }]);
    await refund('300', 'rest');
    expect(await uses('HALF')).toEqual([{ released: true }, { released: true }]);
  });

  it('gives what a coupon makes free at once', async () => {
    const { owner, product } = await anArticleOnSale(world, '1000');
    await aCoupon(world, { owner, code: 'GIFT', basisPoints: 10_000 });
    const session = await world.order(world.buyer(), product, { couponCode: 'GIFT' });
    expect(session).toMatchObject({ status: 'paid', paymentUrl: null });
    expect(await uses('GIFT')).toEqual([{ released: false }]);
  });
});
