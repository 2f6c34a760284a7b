import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import fc from 'fast-check';
import { ProductKind } from '../catalogue/product-kind';
import { foldHotBalances } from '../ledger/accounts';
import {
  anArticleOnSale,
  paymentsWorld,
  settledNotice,
  type PaymentsWorld,
} from '../payments-world.factory';
import type { Notice } from '../providers/provider';
import { refundOrder } from '../refunds/refund-order';
import { cancelOrder } from './cancel-order';

/** What can happen to orders, in any order and any number of times; `who` and `part` choose among what there is. */
const anyStep = fc.record({
  what: fc.constantFrom(
    'order',
    'order',
    'order',
    'settle',
    'settle',
    'settle',
    'settle-again',
    'decline',
    'cancel',
    'refund',
    'refund',
    'refund-settled',
    'refund-failed',
    'dispute-opened',
    'dispute-won',
    'dispute-lost',
    'fold',
  ),
  who: fc.nat(50),
  part: fc.integer({ min: 1, max: 100 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** What is true after every history. Each query selects what contradicts it. */
const invariants: Readonly<Record<string, string>> = {
  'every transfer sums to zero': `SELECT transfer_id FROM ledger_entry GROUP BY 1, currency HAVING sum(amount_minor) <> 0`,
  'balances are the sums of their entries': `
    SELECT account.id FROM ledger_account AS account
    WHERE balance + coalesce((SELECT sum(amount_minor) FROM ledger_hot_delta WHERE account_id = account.id), 0)
      <> coalesce((SELECT sum(amount_minor) FROM ledger_entry WHERE account_id = account.id), 0)`,
  // What cannot even be given back stays there, for the standing checks to tell an operator of.
  'clearing holds only what nobody takes': `
    SELECT held.n FROM
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM ledger_entry JOIN ledger_account AS account ON account.id = account_id
       WHERE code = 'provider-clearing') AS held,
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM refund WHERE origin = 'unassigned' AND status = 'failed') AS stuck
    WHERE held.n <> stuck.n`,
  'refunds hold what is under way': `
    SELECT held.n FROM
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM ledger_entry JOIN ledger_account AS account ON account.id = account_id
       WHERE code = 'refunds') AS held,
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM refund WHERE status IN ('requested', 'pending')) AS due
    WHERE held.n <> due.n`,
  'disputes hold what is open': `
    SELECT account.id FROM ledger_account AS account LEFT JOIN dispute ON dispute.id = account.owner_id
    WHERE code = 'disputes' AND (balance <> 0) <> (dispute.status = 'open' AND dispute.taken <> '[]')`,
  'rights are paid for': `
    SELECT entitlement.id FROM entitlement JOIN sales_order ON sales_order.id = source_id
    WHERE entitlement.status <> 'revoked' AND sales_order.status NOT IN ('paid', 'refunded')`,
  'what is charged back opens nothing': `
    SELECT entitlement.id FROM entitlement JOIN sales_order ON sales_order.id = source_id
    WHERE sales_order.status = 'charged-back' AND entitlement.status <> 'revoked'`,
  'nobody has a thing twice': `
    SELECT account_id FROM entitlement WHERE status <> 'revoked' GROUP BY account_id, product_id HAVING count(*) > 1`,
  'no more is sold than there is': `SELECT product_id FROM product_stock WHERE held + sold > capacity`,
  'nothing is held for what is decided': `
    SELECT product_id FROM product_stock WHERE held <>
      (SELECT count(*) FROM order_line AS line JOIN sales_order ON sales_order.id = order_id
       WHERE line.product_id = product_stock.product_id AND holds_stock AND status = 'awaiting-payment')`,
  'all money is somewhere': `
    SELECT sum(amount_minor) FROM ledger_entry GROUP BY currency HAVING sum(amount_minor) <> 0`,
};

describe('any history of orders', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  /** Does the step to whatever it applies to; what is refused changes nothing, and is a part of histories. */
  const take = async (
    { what, who, part }: Step,
    state: {
      products: Awaited<ReturnType<typeof anArticleOnSale>>[];
      buyers: ReturnType<PaymentsWorld['buyer']>[];
      orders: { orderId: string; buyer: number }[];
    },
  ): Promise<void> => {
    const product = state.products[who % state.products.length];
    const buyerIndex = part % state.buyers.length;
    const buyer = state.buyers[buyerIndex];
    const known = state.orders[who % Math.max(1, state.orders.length)];
    if (product === undefined || buyer === undefined) return;
    if (what === 'order') {
      const session = await world.order(buyer, product.product).catch(() => null);
      if (session !== null) state.orders.push({ orderId: session.orderId, buyer: buyerIndex });
      return;
    }
    if (what === 'fold') {
      await foldHotBalances(world.db, part);
      return;
    }
    if (known === undefined) return;
    const payment = await world.paymentOf(known);
    const order = await world.orderOf(known);
    if (what === 'cancel') {
      const owner = state.buyers[known.buyer];
      if (owner !== undefined) await cancelOrder(world.as(owner.id), { orderId: known.orderId });
    } else if (what === 'refund') {
      const seller = state.products.find(
        ({ owner }) => owner.communityId === order.communityId,
      )?.owner;
      const amountMinor = ((order.refundable.amountMinor * BigInt(part)) / 100n).toString();
      if (seller !== undefined)
        await refundOrder(world.as(seller), {
          orderId: order.id,
          amount: { amountMinor, currency: 'CNY' },
          endsAccess: part % 2 === 0,
          reason: '',
          idempotencyKey: newId(),
        });
    } else await world.deliver(await noticeOf(what, { payment, part }));
  };

  const noticeOf = async (
    what: string,
    { payment, part }: { payment: Awaited<ReturnType<PaymentsWorld['paymentOf']>>; part: number },
  ): Promise<Notice> => {
    if (what.startsWith('settle')) return settledNotice(payment);
    if (what === 'decline') return { kind: 'payment-declined', paymentId: payment.id };
    if (what.startsWith('refund-')) {
      const [refund] = await world.db.query<{ id: string }[]>(
        'SELECT id FROM refund ORDER BY id DESC LIMIT 1 OFFSET $1',
        [part % 3],
      );
      return { kind: what as 'refund-settled' | 'refund-failed', refundId: refund?.id ?? newId() };
    }
    return {
      kind: what as 'dispute-opened' | 'dispute-won' | 'dispute-lost',
      disputeRef: `d-${payment.id}-${String(part % 2)}`,
      paymentId: payment.id,
      chargeRef: null,
      amount: money((payment.amountMinor * BigInt(part)) / 100n, 'CNY' as Currency),
      reason: '',
    };
  };

  it('keeps every invariant', async () => {
    const products = [
      await anArticleOnSale(world, '1000'),
      await anArticleOnSale(world, '1', {
        kind: ProductKind.EVENT_TICKET,
        unlocks: [],
        capacity: 2,
      }),
      await anArticleOnSale(world, '99999'),
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 40 }), async (steps) => {
        const state = {
          products,
          buyers: [world.buyer(), world.buyer(), world.buyer()],
          orders: [],
        };
        for (const step of steps) await take(step, state);
        await world.settleDown();
        for (const [name, sql] of Object.entries(invariants))
          expect([name, await world.db.query<unknown[]>(sql)]).toEqual([name, []]);
      }),
      { numRuns: 15 },
    );
    // The histories were not all about nothing.
    const reached = async (table: string) =>
      (
        await world.db.query<{ status: string }[]>(
          `SELECT DISTINCT status FROM ${table} ORDER BY 1`,
        )
      ).map(({ status }) => status);
    expect(await reached('sales_order')).toContain('paid');
    expect((await reached('refund')).length).toBeGreaterThan(0);
    expect((await reached('dispute')).length).toBeGreaterThan(0);
  }, 180_000);
});
