import { newId, OrderPaid, OrderRefunded } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import { anArticleOnSale, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { recordOrderRevenue } from './record-revenue.consumer';

describe('what orders bring in', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  it('counts for their products, once, and less what goes back', async () => {
    const { product } = await anArticleOnSale(world, '1000');
    const order = await world.buy(world.buyer(), product);
    const ids = { orderId: order.id, communityId: order.communityId, buyerId: order.buyerId };
    const event = (type: string, payload: object) => ({
      id: newId<'Event'>(),
      type,
      occurredAt: '2026-01-02T00:00:00.000Z',
      requestId: 'test',
      payload,
    });
    const paid = event(OrderPaid.name, {
      ...ids,
      buyerMemberId: null,
      purposes: ['product'],
      productIds: [product.id],
      totalMinor: '1000',
      currency: 'CNY',
    });
    const refunded = event(OrderRefunded.name, {
      ...ids,
      sourceType: 'refund',
      sourceId: newId<'Refund'>(),
      amountMinor: '300',
      refundedMinor: '300',
      currency: 'CNY',
      isFull: false,
    });
    const ctx = serviceContext(world.deps, 'test');
    for (const batch of [[refunded, paid], [paid], [refunded]])
      await inTransaction(ctx, (tx) => recordOrderRevenue.handle(tx, batch as never));

    const rows = await world.db.query<unknown[]>(
      'SELECT kind, amount_minor AS amount FROM product_revenue WHERE product_id = $1 ORDER BY kind',
      [product.id],
    );
    expect(rows).toEqual([
      { kind: 'refund', amount: '-300' },
      { kind: 'sale', amount: '1000' },
    ]);
  });
});
