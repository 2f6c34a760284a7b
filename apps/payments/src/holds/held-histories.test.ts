import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import fc from 'fast-check';
import { bookSlot } from '../bookings/book-slot';
import { cancelBooking } from '../bookings/cancel-booking';
import {
  confirmBooking,
  contestAbsence,
  decideBooking,
  reportAbsence,
} from '../bookings/conclude-booking';
import { concludeBookings } from '../bookings/conclude-due.job';
import { setConsultingHours } from '../bookings/set-consulting-hours';
import { ProductKind } from '../catalogue/product-kind';
import { aPrice, aProduct } from '../catalogue/product.factory';
import { currentPrices } from '../catalogue/product.queries';
import { aMember } from '../communities/membership.factory';
import { acceptCommissions } from '../commissions/accept-due.job';
import { acceptQuote } from '../commissions/accept-quote';
import {
  acceptDelivery,
  cancelCommission,
  contestDelivery,
  decideCommission,
  deliverCommission,
  requestRevision,
} from '../commissions/carry-out';
import { quoteCommission, requestCommission } from '../commissions/request-commission';
import { buyGift } from '../gift-purchases/buy-gift';
import { makeGiftCode, redeemPurchasedGift } from '../gift-purchases/redeem-purchased-gift';
import { cancelOrder } from '../orders/cancel-order';
import { expireOrders } from '../orders/expire-orders.job';
import { paymentsWorld, settledNotice, type PaymentsWorld } from '../payments-world.factory';
import type { Notice } from '../providers/provider';
import { refundOrder } from '../refunds/refund-order';

/** What can happen to what is held, in any order; `who` and `part` choose among what there is. */
const anyStep = fc.record({
  what: fc.constantFrom(
    ...(['book', 'give', 'commission', 'settle', 'settle', 'settle'] as const),
    ...(['cancel-order', 'cancel', 'conclude', 'report', 'contest', 'decide', 'revise'] as const),
    ...(['refund', 'refund-settled', 'refund-failed', 'clock'] as const),
    ...(['dispute-opened', 'dispute-won', 'dispute-lost'] as const),
  ),
  who: fc.nat(50),
  part: fc.integer({ min: 1, max: 100 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const openDispute = (order: string): string =>
  `EXISTS (SELECT FROM dispute WHERE dispute.order_id = ${order} AND dispute.status = 'open')`;

/** What is true after every history. Each query selects what contradicts it. */
const invariants: Readonly<Record<string, string>> = {
  'every transfer sums to zero': `
    SELECT transfer_id FROM ledger_entry GROUP BY 1, currency HAVING sum(amount_minor) <> 0`,
  'what is held is what was paid for it, less what went back and what was divided': `
    SELECT id, balance, expected FROM (
      SELECT held.id, coalesce(account.balance, 0) AS balance,
        (SELECT coalesce(sum(amount_minor), 0) FROM order_credit WHERE owner_id = held.id)
        - (SELECT coalesce(sum((part ->> 2)::bigint), 0) FROM (
            SELECT taken FROM refund WHERE order_id = held.order_id AND origin = 'order' AND status <> 'failed'
            UNION ALL SELECT taken FROM dispute WHERE order_id = held.order_id AND status <> 'won'
          ) AS back, jsonb_array_elements(taken) AS part WHERE part ->> 1 = held.id::text)
        + (SELECT coalesce(sum((part ->> 2)::bigint), 0) FROM held_release AS release, jsonb_array_elements(moves) AS part
           WHERE release.held_id = held.id AND part ->> 1 = held.id::text) AS expected
      FROM held_money AS held LEFT JOIN ledger_account AS account ON account.owner_id = held.id
    ) AS each WHERE balance <> expected`,
  'nothing stays with what is over, but what a provider could not pay back': `
    SELECT held.id, held.status, account.balance FROM held_money AS held JOIN ledger_account AS account ON account.owner_id = held.id
    WHERE held.status <> 'held' AND balance <> 0
      AND NOT EXISTS (SELECT FROM refund WHERE order_id = held.order_id AND status = 'failed')`,
  'nothing is held for an appointment that is over': `
    SELECT booking.id, booking.status FROM booking JOIN held_money ON held_money.id = booking.id
    WHERE held_money.status = 'held' AND booking.status NOT IN ('booked', 'claimed', 'contested')
      AND NOT ${openDispute('booking.order_id')}`,
  'nothing is held for work that is over': `
    SELECT commission.id, commission.status FROM commission JOIN held_money ON held_money.id = commission.id
    WHERE held_money.status = 'held' AND commission.status NOT IN ('working', 'delivered', 'contested')
      AND NOT ${openDispute('commission.order_id')}`,
  'a gift that is held is open, and only a redeemed one gives a right': `
    SELECT gift.id, gift.status FROM gift LEFT JOIN held_money ON held_money.id = gift.id
    WHERE held_money.status = 'held' AND gift.status <> 'open'
    UNION ALL SELECT gift.id, gift.status FROM gift JOIN entitlement ON source_id = gift.id
    WHERE gift.status <> 'redeemed' OR account_id <> recipient_id OR account_id = giver_id`,
  'nobody earns before it is delivered': `
    SELECT held.id FROM held_money AS held JOIN ledger_transfer AS transfer ON transfer.idempotency_key = 'order:' || held.order_id
      JOIN ledger_entry AS entry ON entry.transfer_id = transfer.id
      JOIN ledger_account AS account ON account.id = entry.account_id AND account.code = 'creator-earnings'`,
  'nobody is in two places at once': `
    SELECT one.id FROM booking AS one JOIN booking AS other ON one.id < other.id
      AND one.consultant_account_id = other.consultant_account_id
      AND tstzrange(one.starts_at, one.ends_at) && tstzrange(other.starts_at, other.ends_at)
    WHERE one.status NOT IN ('given-up', 'canceled') AND other.status NOT IN ('given-up', 'canceled')`,
  'no more goes back than was paid': `SELECT id FROM sales_order WHERE refunded_minor > total_minor`,
};

type Kind = 'booking' | 'gift' | 'commission';
interface Bought {
  readonly kind: Kind;
  /** Of the booking, gift or commission. */
  readonly id: string;
  readonly orderId: string;
}

describe('any history of what is held', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  /** A community with somebody who can be booked, an article to give, and two who ask for work. */
  const aScene = async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const { communityId } = owner;
    const maker = await aMember(world.db, { communityId });
    const buyers = [
      await aMember(world.db, { communityId }),
      await aMember(world.db, { communityId }),
    ];
    const sold = async (kind: ProductKind) => {
      const prices = [aPrice('1001')];
      const { product } = await aProduct(world, { owner, kind, prices, earnerId: maker.memberId });
      const [price] = await currentPrices(world.db, product);
      return { productId: product.id, priceId: price?.id ?? assert.fail() };
    };
    const hours = await sold(ProductKind.CONSULTING);
    await setConsultingHours(world.as(owner), {
      productId: hours.productId,
      timeZone: 'UTC',
      slotMinutes: 60,
      noticeHours: 0,
      daysOff: [],
      windows: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '10:00', until: '12:00' })),
    });
    return { owner, maker, buyers, hours, article: await sold(ProductKind.COURSE) };
  };
  type Scene = Awaited<ReturnType<typeof aScene>>;

  const rowOf = async (table: Kind, orderId: string): Promise<string> => {
    const sql = `SELECT id FROM ${table} WHERE order_id = $1`;
    const [row] = await world.db.query<{ id: string }[]>(sql, [orderId]);
    return row?.id ?? assert.fail();
  };

  /** Orders something; null when that is refused, which changes nothing. */
  const buy = async (
    { what, part }: Step,
    { buyers, maker, hours, article }: Scene,
  ): Promise<Bought | null> => {
    const buyer = buyers[part % 2] ?? assert.fail();
    const ctx = world.as(buyer);
    const key = { idempotencyKey: newId() };
    if (what === 'book') {
      const day = new Date(world.deps.now().getTime() + (1 + (part % 2)) * 86_400_000);
      const startsAt = new Date(`${day.toISOString().slice(0, 10)}T10:00:00Z`);
      const session = await bookSlot(ctx, { priceId: hours.priceId, startsAt, note: '', ...key });
      if (!('paymentUrl' in session)) return null;
      const { orderId } = session;
      return { kind: 'booking', orderId, id: await rowOf('booking', orderId) };
    }
    if (what === 'give') {
      const session = await buyGift(ctx, { priceId: article.priceId, message: '', ...key });
      if (!('paymentUrl' in session)) return null;
      const { orderId } = session;
      return { kind: 'gift', orderId, id: await rowOf('gift', orderId) };
    }
    const { communityId } = buyer;
    const wanted = { communityId, creatorId: maker.memberId, title: 'x', brief: 'y', ...key };
    const commission = await requestCommission(ctx, wanted);
    assert('quoteNumber' in commission);
    const commissionId = commission.id;
    await quoteCommission(world.as(maker), {
      commissionId,
      amount: { amountMinor: String(part * 37), currency: 'CNY' },
      deliverDays: 3,
      acceptDays: 2,
      revisions: 1,
      keptBasisPoints: part * 100,
    });
    const again = { idempotencyKey: newId() };
    const session = await acceptQuote(ctx, { commissionId, quoteNumber: 1, ...again });
    assert('paymentUrl' in session);
    return { kind: 'commission', orderId: session.orderId, id: commissionId };
  };

  /** What the two sides and the community do with one thing; whatever is refused is a part of histories. */
  const act = async ({ what, part }: Step, scene: Scene, { kind, id, orderId }: Bought) => {
    const order = await world.orderOf({ orderId });
    const buyer = world.as(order.buyerId);
    const [maker, owner] = [world.as(scene.maker), world.as(scene.owner)];
    const side = part % 3 === 0 ? owner : part % 3 === 1 ? maker : buyer;
    const booking = { bookingId: id };
    const work = { commissionId: id, objection: 'no', delivery: 'here' };
    const backBasisPoints = part * 100;
    if (what === 'cancel-order') await cancelOrder(buyer, { orderId });
    else if (kind === 'booking') {
      if (what === 'cancel') await cancelBooking(side, booking);
      if (what === 'conclude') await confirmBooking(buyer, booking);
      if (what === 'report') await reportAbsence(side, booking);
      if (what === 'contest') await contestAbsence(side, booking);
      if (what === 'decide') await decideBooking(owner, { ...booking, backBasisPoints });
    } else if (kind === 'commission') {
      if (what === 'cancel') await cancelCommission(side, work);
      if (what === 'report') await deliverCommission(maker, work);
      if (what === 'conclude') await acceptDelivery(buyer, work);
      if (what === 'revise') await requestRevision(buyer, work);
      if (what === 'contest') await contestDelivery(buyer, work);
      if (what === 'decide') await decideCommission(owner, { ...work, backBasisPoints });
    } else if (what === 'conclude') {
      const made = await makeGiftCode(buyer, { giftId: id });
      if ('gift' in made)
        await redeemPurchasedGift(world.as(world.buyer().id), { code: made.code });
    }
  };

  const noticeOf = async ({ what, part }: Step, { orderId }: Bought): Promise<Notice | null> => {
    const payment = await world.paymentOf({ orderId });
    if (what === 'settle') return settledNotice(payment);
    if (what === 'refund-settled' || what === 'refund-failed') {
      const [refund] = await world.db.query<{ id: string }[]>(
        'SELECT id FROM refund WHERE order_id = $1 ORDER BY id DESC LIMIT 1',
        [orderId],
      );
      return refund === undefined ? null : { kind: what, refundId: refund.id };
    }
    if (what !== 'dispute-opened' && what !== 'dispute-won' && what !== 'dispute-lost') return null;
    const share = part > 50 ? 100n : BigInt(part);
    return {
      kind: what,
      disputeRef: `d-${payment.id}-${String(part % 2)}`,
      paymentId: payment.id,
      chargeRef: null,
      amount: money((payment.amountMinor * share) / 100n, 'CNY' as Currency),
      reason: '',
    };
  };

  const take = async (step: Step, scene: Scene, bought: Bought[]): Promise<void> => {
    const { what, who, part } = step;
    if (what === 'book' || what === 'give' || what === 'commission') {
      const one = await buy(step, scene);
      if (one !== null) bought.push(one);
      return;
    }
    if (what === 'clock') {
      world.setNow(new Date(world.deps.now().getTime() + part * 3_600_000));
      const jobs = { deps: world.deps, ctx: world.service, signal: new AbortController().signal };
      for (const job of [expireOrders, concludeBookings, acceptCommissions])
        await job.run(jobs, {});
      return;
    }
    const one = bought[who % Math.max(1, bought.length)];
    if (one === undefined) return;
    const notice = await noticeOf(step, one);
    if (notice !== null) {
      await world.deliver(notice);
      return;
    }
    if (what !== 'refund') {
      await act(step, scene, one);
      return;
    }
    const { refundable } = await world.orderOf({ orderId: one.orderId });
    const share = part > 70 ? 100n : BigInt(part);
    const amountMinor = ((refundable.amountMinor * share) / 100n).toString();
    await refundOrder(world.as(scene.owner), {
      orderId: one.orderId,
      amount: { amountMinor, currency: 'CNY' },
      reason: '',
      idempotencyKey: newId(),
    });
  };

  it('keeps every invariant', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 25, maxLength: 50 }), async (steps) => {
        const scene = await aScene();
        const bought: Bought[] = [];
        for (const step of steps) {
          await take(step, scene, bought);
          await world.settleDown();
        }
        for (const [name, sql] of Object.entries(invariants))
          expect([name, await world.db.query<unknown[]>(sql)]).toEqual([name, []]);
      }),
      { numRuns: 20 },
    );
    // The histories were not all about nothing.
    const reached = await world.db.query<{ code: string; status: string }[]>(
      'SELECT DISTINCT code, status FROM held_money',
    );
    expect(reached.length).toBeGreaterThan(3);
  }, 240_000);
});
