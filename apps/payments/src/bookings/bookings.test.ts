import assert from 'node:assert/strict';
import { newId, type AccountId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import fc from 'fast-check';
import { ProductKind } from '../catalogue/product-kind';
import { aPrice, aProduct } from '../catalogue/product.factory';
import { currentPrices } from '../catalogue/product.queries';
import { aMember } from '../communities/membership.factory';
import { expireOrders } from '../orders/expire-orders.job';
import {
  paymentsWorld,
  sandboxOwner,
  settledNotice,
  type PaymentsWorld,
} from '../payments-world.factory';
import { planRefund } from '../refunds/plan-refund';
import { refundOrder } from '../refunds/refund-order';
import { NotNow } from '../holds/not-now';
import { NotRefundable } from '../refunds/refund-terms';
import { bookSlot, type BookSlotInput } from './book-slot';
import { selectBookings, type Booking } from './booking.type';
import { BookingNotFound, InvalidHours, SlotNotOffered, SlotTaken } from './booking.errors';
import { BookingTerms, shareBack } from './booking-terms';
import { bookingCancelPreview, cancelBooking } from './cancel-booking';
import { confirmBooking, contestAbsence, decideBooking, reportAbsence } from './conclude-booking';
import { concludeBookings } from './conclude-due.job';
import { slotsOf } from './consulting-hours';
import { setConsultingHours, type SetConsultingHoursInput } from './set-consulting-hours';

const monday = '2026-01-05';
const at = (time: string, day = monday) => new Date(`${day}T${time}:00Z`);
const terms: BookingTerms = {
  freeHours: 24,
  partHours: 4,
  partBasisPoints: 5_000,
  absentBasisPoints: 1_000,
  confirmDays: 3,
};

describe('bookings', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  type Person = Awaited<ReturnType<typeof aMember>>;
  const hours = (productId: string, input: Partial<SetConsultingHoursInput> = {}) => ({
    productId,
    timeZone: 'UTC',
    slotMinutes: 60,
    noticeHours: 1,
    windows: [{ weekday: 1, from: '09:00', until: '12:30' }],
    daysOff: [],
    terms,
    ...input,
  });
  const offered = async (amountMinor = '1000', input: Partial<SetConsultingHoursInput> = {}) => {
    const owner = await aMember(world.db, { role: 'owner' });
    const consultant = await aMember(world.db, { communityId: owner.communityId });
    const { product } = await aProduct(world, {
      owner,
      kind: ProductKind.CONSULTING,
      prices: [aPrice(amountMinor)],
      earnerId: consultant.memberId,
    });
    const set = await setConsultingHours(world.as(consultant), hours(product.id, input));
    assert(!(set instanceof UserError), JSON.stringify(set));
    const [price] = await currentPrices(world.db, product);
    return { owner, consultant, product, priceId: price?.id ?? assert.fail() };
  };
  const book = (buyer: { id: AccountId }, priceId: string, input: Partial<BookSlotInput> = {}) =>
    bookSlot(world.as(buyer.id), {
      priceId,
      startsAt: at('09:00'),
      note: '',
      idempotencyKey: newId(),
      ...input,
    });
  const bookingOf = async (orderId: string): Promise<Booking> =>
    (await selectBookings(world.db, 'order_id = $1', [orderId]))[0] ?? assert.fail();
  /** Booked and paid. */
  const booked = async (amountMinor = '1000') => {
    const offer = await offered(amountMinor);
    const buyer = world.buyer();
    const session = await book(buyer, offer.priceId);
    assert('paymentUrl' in session, JSON.stringify(session));
    if (session.paymentUrl !== null) await world.choose(session, 'success');
    return { ...offer, buyer, orderId: session.orderId, id: (await bookingOf(session.orderId)).id };
  };
  const sums = async (consultant: Person, id: string) => ({
    held: await world.balance('escrow', id),
    earned: await world.balance('creator-earnings', consultant.memberId),
    platform: await world.balance('platform-fee', null),
    refunds: await world.balance('refunds', null),
  });
  const runDue = () =>
    concludeBookings.run(
      { deps: world.deps, ctx: world.service, signal: new AbortController().signal },
      {},
    );

  it('offers whole slots of the windows, in the consultant’s zone, and not on days off', async () => {
    const { product } = await offered('1000', {
      timeZone: 'Europe/Berlin',
      windows: [{ weekday: 7, from: '01:00', until: '05:00' }],
      daysOff: ['2026-04-05'],
    });
    const of = (from: string, until: string) =>
      slotsOf(world.db, { productId: product.id, from: new Date(from), until: new Date(until) });
    const times = (await of('2026-03-21T00:00:00Z', '2026-04-13T00:00:00Z')).map(({ startsAt }) =>
      startsAt.toISOString().slice(0, 16),
    );
    expect(times).toEqual([
      // Winter time; then the night in which 2 o'clock does not exist; a day off; then summer time.
      ...['2026-03-22T00:00', '2026-03-22T01:00', '2026-03-22T02:00', '2026-03-22T03:00'],
      ...['2026-03-29T00:00', '2026-03-29T01:00', '2026-03-29T02:00'],
      ...['2026-04-11T23:00', '2026-04-12T00:00', '2026-04-12T01:00', '2026-04-12T02:00'],
    ]);
  });

  it('holds the money until the buyer confirms, and divides it then', async () => {
    const { consultant, buyer, id } = await booked();
    expect(await sums(consultant, id)).toMatchObject({ held: 994n, earned: 0n });
    expect(await bookingOf((await world.orderOf({ id: (await of(id)).orderId })).id)).toMatchObject(
      {
        status: 'booked',
        dueAt: at('10:00', '2026-01-08'),
      },
    );
    expect(await confirmBooking(world.as(buyer.id), { bookingId: id })).toBeInstanceOf(NotNow);
    world.setNow(at('10:00'));
    for (let again = 0; again < 2; again += 1)
      expect(await confirmBooking(world.as(buyer.id), { bookingId: id })).toMatchObject({
        status: 'completed',
      });
    // (1000 − 6) in 90 : 10 is 894.6 : 99.4
    expect(await sums(consultant, id)).toMatchObject({ held: 0n, earned: 895n });
  });
  const of = async (id: string) =>
    (await selectBookings(world.db, 'id = $1', [id]))[0] ?? assert.fail();

  it('pays nothing out before, and by itself when nobody complains', async () => {
    const { consultant, id } = await booked();
    world.setNow(at('09:59', '2026-01-08'));
    await runDue();
    expect(await sums(consultant, id)).toMatchObject({ held: 994n, earned: 0n });
    world.setNow(at('10:00', '2026-01-08'));
    await runDue();
    expect(await sums(consultant, id)).toMatchObject({ held: 0n, earned: 895n });
  });

  it('gives one slot to one of fifty simultaneous buyers', async () => {
    const { priceId } = await offered();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => book(world.buyer(), priceId)),
    );
    expect(outcomes.filter((outcome) => 'orderId' in outcome)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome instanceof SlotTaken)).toHaveLength(49);
  });

  it('has the database refuse two appointments of one person at one time', async () => {
    const { id } = await booked();
    const copy = (startsAt: string) =>
      world.db.query(
        `INSERT INTO booking SELECT (jsonb_populate_record(booking, jsonb_build_object(
           'id', $2::uuid, 'order_id', $3::uuid, 'status', 'held', 'due_at', NULL, 'starts_at', $4::timestamptz,
           'ends_at', $4::timestamptz + interval '1 hour'))).* FROM booking WHERE id = $1`,
        [id, newId(), newId(), startsAt],
      );
    await expect(copy('2026-01-05T09:59:00Z')).rejects.toMatchObject({ code: '23P01' });
    // Beside it there is room; what fails is that there is no such order.
    await expect(copy('2026-01-05T10:00:00Z')).rejects.toMatchObject({ code: '23503' });
    await expect(
      world.db.query(`UPDATE booking SET status = 'held' WHERE id = $1`, [id]),
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('frees an unpaid slot, and gives it to a late payer only while nobody else has it', async () => {
    const { priceId } = await offered();
    const [first, second] = [world.buyer(), world.buyer()];
    const late = await book(first, priceId);
    assert('orderId' in late);
    expect(await book(second, priceId)).toEqual(new SlotTaken());
    world.setNow('2026-01-01T00:16:00Z');
    await expireOrders.run(
      { deps: world.deps, ctx: world.service, signal: new AbortController().signal },
      {},
    );
    expect(await bookingOf(late.orderId)).toMatchObject({ status: 'given-up' });
    const other = await book(second, priceId);
    assert('orderId' in other);
    await world.deliver(settledNotice(await world.paymentOf(late)));
    expect(await bookingOf(late.orderId)).toMatchObject({ status: 'given-up' });
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);

    world.setNow('2026-01-01T00:40:00Z');
    await expireOrders.run(
      { deps: world.deps, ctx: world.service, signal: new AbortController().signal },
      {},
    );
    await world.deliver(settledNotice(await world.paymentOf(other)));
    expect(await bookingOf(other.orderId)).toMatchObject({ status: 'booked' });
  });

  it('does with the money exactly what its preview says, whenever and by whomever it is canceled', async () => {
    const anyCase = fc.record({
      amount: fc.bigInt({ min: 0n, max: 1_000_000n }),
      by: fc.constantFrom('buyer', 'consultant', 'owner'),
      hoursBefore: fc.integer({ min: 1, max: 90 }),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ amount, by, hoursBefore }) => {
        world.setNow('2026-01-01T00:00:00Z');
        const all = await booked(amount.toString());
        world.setNow(new Date(at('09:00').getTime() - hoursBefore * 3_600_000));
        const actor = by === 'buyer' ? all.buyer : by === 'owner' ? all.owner : all.consultant;
        const ctx = world.as(actor.id);
        const before = await sums(all.consultant, all.id);
        const preview = await bookingCancelPreview(ctx, all.id);
        assert(!(preview instanceof UserError), JSON.stringify(preview));

        expect(await cancelBooking(ctx, { bookingId: all.id })).toMatchObject({
          status: 'canceled',
        });

        const after = await sums(all.consultant, all.id);
        const share = by !== 'buyer' || hoursBefore >= 24 ? 1n : hoursBefore >= 4 ? 2n : 0n;
        expect(preview.buyerGets.amountMinor).toBe((share === 0n ? 0n : amount / share).toString());
        expect({
          held: after.held,
          buyer: (after.refunds - before.refunds).toString(),
          creators: (after.earned - before.earned).toString(),
          platform: (after.platform - before.platform).toString(),
        }).toEqual({
          held: 0n,
          buyer: preview.buyerGets.amountMinor,
          creators: preview.creatorsGet.amountMinor,
          platform: preview.platformGets.amountMinor,
        });
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('goes by who was absent, unless that one objects', async () => {
    const one = await booked();
    world.setNow(at('09:30'));
    const asBuyer = world.as(one.buyer.id);
    const bookingId = one.id;
    expect(await reportAbsence(asBuyer, { bookingId })).toMatchObject({ absent: 'consultant' });
    world.setNow(at('09:30', '2026-01-07'));
    await runDue();
    expect(await of(bookingId)).toMatchObject({ status: 'canceled' });
    expect(await world.orderOf({ id: one.orderId })).toMatchObject({ refundedMinor: 1000n });
    expect(await sums(one.consultant, bookingId)).toMatchObject({ held: 0n, earned: 0n });

    world.setNow('2026-01-01T00:00:00Z');
    const other = await booked();
    world.setNow(at('09:30'));
    await reportAbsence(world.as(other.consultant), { bookingId: other.id });
    world.setNow(at('09:30', '2026-01-07'));
    await runDue();
    // A tenth goes back; of the 894.6 that remain the consultant has nine tenths.
    expect(await world.orderOf({ id: other.orderId })).toMatchObject({ refundedMinor: 100n });
    const { held, earned } = await sums(other.consultant, other.id);
    expect([held, earned]).toEqual([0n, 806n]);
  });

  it('has who manages the catalogue decide what is contested, and nobody else', async () => {
    const { buyer, consultant, owner, id: bookingId, orderId } = await booked();
    world.setNow(at('09:30'));
    await reportAbsence(world.as(buyer.id), { bookingId });
    expect(await contestAbsence(world.as(buyer.id), { bookingId })).toBeInstanceOf(NotNow);
    expect(await contestAbsence(world.as(consultant), { bookingId })).toMatchObject({
      status: 'contested',
      dueAt: null,
    });
    world.setNow(at('09:30', '2026-03-01'));
    await runDue();
    expect(await of(bookingId)).toMatchObject({ status: 'contested' });
    const decide = (by: { id: AccountId }, backBasisPoints = 2_500) =>
      decideBooking(world.as(by.id), { bookingId, backBasisPoints });
    for (const by of [buyer, consultant]) expect(await decide(by)).toBeInstanceOf(NotNow);
    expect(await decide(world.buyer())).toEqual(new BookingNotFound());
    expect(await decide(owner, 10_001)).toBeInstanceOf(NotNow);
    await decide(owner);
    expect(await world.orderOf({ id: orderId })).toMatchObject({ refundedMinor: 250n });
    expect((await sums(consultant, bookingId)).held).toBe(0n);
  });

  it('waits for the bank while the payment is disputed, and is over when it is lost', async () => {
    const { consultant, id, orderId } = await booked();
    const payment = await world.paymentOf({ orderId });
    const dispute = (kind: 'dispute-opened' | 'dispute-won' | 'dispute-lost', ref: string) =>
      world.deliver({
        kind,
        disputeRef: ref,
        paymentId: payment.id,
        chargeRef: null,
        amount: payment.amount,
        reason: '',
      });
    await dispute('dispute-opened', `a-${id}`);
    world.setNow(at('09:30', '2026-01-09'));
    await runDue();
    expect(await of(id)).toMatchObject({ status: 'booked' });
    expect((await sums(consultant, id)).held).toBe(0n);
    await dispute('dispute-won', `a-${id}`);
    expect((await sums(consultant, id)).held).toBe(994n);
    await dispute('dispute-opened', `b-${id}`);
    await dispute('dispute-lost', `b-${id}`);
    expect(await of(id)).toMatchObject({ status: 'canceled' });
    expect(await sums(consultant, id)).toMatchObject({ held: 0n, earned: 0n });
  });

  it('takes a refund after the appointment from those who have the money', async () => {
    const { owner, consultant, buyer, id, orderId } = await booked();
    world.setNow(at('10:00'));
    await confirmBooking(world.as(buyer.id), { bookingId: id });
    const buyers = await planRefund(world.as(buyer.id), { orderId }, world.deps.now());
    expect(buyers).toBeInstanceOf(NotRefundable);
    const refund = { orderId, reason: '', idempotencyKey: newId() };
    expect(await refundOrder(world.as(owner), refund)).toMatchObject({ amountMinor: 1000n });
    expect(await sums(consultant, id)).toMatchObject({ held: 0n, earned: 0n });
    expect(await of(id)).toMatchObject({ status: 'completed' });
  });

  it('books once for a key, and tells times that are taken from those nobody offers', async () => {
    const { consultant, priceId, product } = await offered();
    const buyer = world.buyer();
    const idempotencyKey = newId();
    const first = await book(buyer, priceId, { idempotencyKey });
    expect(await book(buyer, priceId, { idempotencyKey })).toEqual(first);
    const other = { idempotencyKey, note: 'another' };
    expect(await book(buyer, priceId, other)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    for (const startsAt of [
      at('09:30'),
      at('12:00'),
      at('09:00', '2026-01-06'),
      at('09:00', '2025-12-29'),
    ])
      expect(await book(world.buyer(), priceId, { startsAt })).toEqual(new SlotNotOffered());
    expect(await book(consultant, priceId, { startsAt: at('10:00') })).toMatchObject({
      code: 'NOT_FOR_SALE_LIKE_THIS',
    });
    await expect(world.order(world.buyer(), product)).rejects.toThrow('INVALID_CHECKOUT');
    await expect(
      bookSlot(world.as(null), { priceId, startsAt: at('10:00'), note: '', idempotencyKey: 'k' }),
    ).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('books nobody who is no member any more', async () => {
    const { consultant, priceId } = await offered();
    await world.db.query(`UPDATE membership SET status = 'left' WHERE member_id = $1`, [
      consultant.memberId,
    ]);
    expect(await book(world.buyer(), priceId)).toEqual(new SlotNotOffered());
  });

  it('holds a buyer to the terms, also one who manages the catalogue', async () => {
    const { owner, consultant, priceId } = await offered();
    const session = await book(owner, priceId);
    assert('paymentUrl' in session);
    await world.choose(session, 'success');
    const { id } = await bookingOf(session.orderId);
    world.setNow(at('08:00'));
    const refund = () => ({ orderId: session.orderId, reason: '', idempotencyKey: newId() });
    expect(await refundOrder(world.as(owner), refund())).toBeInstanceOf(NotRefundable);
    await cancelBooking(world.as(owner), { bookingId: id });
    expect(await sums(consultant, id)).toMatchObject({ held: 0n, earned: 895n });
    const admin = await aMember(world.db, { communityId: owner.communityId, role: 'admin' });
    expect(await refundOrder(world.as(admin), refund())).toMatchObject({ amountMinor: 1000n });
  });

  it('lets who earns and who manages set the hours, and refuses what is none', async () => {
    const { consultant, owner, product } = await offered();
    const set = (by: { id: AccountId }, input: Partial<SetConsultingHoursInput> = {}) =>
      setConsultingHours(world.as(by.id), hours(product.id, input));
    expect(await set(owner)).toMatchObject({ slotMinutes: 60, windows: [{ from: '09:00' }] });
    const member = await aMember(world.db, { communityId: owner.communityId });
    for (const by of [member, world.buyer()])
      expect(await set(by)).toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
    const window = { weekday: 1, from: '09:00', until: '10:00' };
    for (const input of [
      { timeZone: '+08:00' },
      { timeZone: 'Mars/Olympus' },
      { slotMinutes: 9 },
      { noticeHours: -1 },
      { daysOff: ['2026-02-30'] },
      { windows: [{ ...window, weekday: 8 }] },
      { windows: [{ ...window, until: '25:00' }] },
      { windows: [{ ...window, until: '08:00' }] },
      { windows: [window, { ...window, from: '09:30' }] },
      { terms: Object.assign(new BookingTerms(), terms, { freeHours: 3 }) },
      { terms: Object.assign(new BookingTerms(), terms, { partBasisPoints: 10_001 }) },
      { terms: Object.assign(new BookingTerms(), terms, { confirmDays: 31 }) },
    ])
      expect(await set(consultant, input)).toBeInstanceOf(InvalidHours);
    const { product: course } = await aProduct(world, { owner });
    expect(await setConsultingHours(world.as(owner), hours(course.id))).toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
    });
  });

  it.each<[number, number]>([
    [25, 10_000],
    [24, 10_000],
    [23, 5_000],
    [4, 5_000],
    [3, 0],
    [-1, 0],
  ])('gives back by the terms: %d hours before it is %d', (hoursBefore, share) => {
    const startsAt = at('09:00');
    const now = new Date(startsAt.getTime() - hoursBefore * 3_600_000);
    expect(shareBack(terms, startsAt, { why: 'canceled', by: 'buyer', at: now })).toBe(share);
    expect(shareBack(terms, startsAt, { why: 'canceled', by: 'consultant', at: now })).toBe(10_000);
  });
});
