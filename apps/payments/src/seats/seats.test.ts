import assert from 'node:assert/strict';
import { newId, type AccountId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import type { CreateProductInput } from '../catalogue/create-product';
import { ProductKind } from '../catalogue/product-kind';
import { aPrice, aProduct } from '../catalogue/product.factory';
import { currentPrices } from '../catalogue/product.queries';
import { SubjectType } from '../catalogue/product-terms';
import { aMember } from '../communities/membership.factory';
import { aCoupon } from '../coupons/coupon.factory';
import { NotNow } from '../holds/not-now';
import { cancelOrder } from '../orders/cancel-order';
import { paymentsWorld, settledNotice, type PaymentsWorld } from '../payments-world.factory';
import { refundOrder } from '../refunds/refund-order';
import { buySeats, type BuySeatsInput } from './buy-seats';
import { assignSeat, offerSeat, reclaimSeat, takeSeat } from './give-seat';
import { NoSeatLeft, SeatPackNotFound, selectPacks, selectSeats } from './seat-pack.type';
import { setSeatTerms } from './seat-terms';

describe('seat packs', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const onSale = async (input: Partial<CreateProductInput> = {}) => {
    const { owner, product } = await aProduct(world, {
      kind: ProductKind.SEAT_PACK,
      prices: [aPrice('1000')],
      unlocks: [{ type: SubjectType.COURSE, id: newId() }],
      ...input,
    });
    const [price] = await currentPrices(world.db, product);
    return { owner, product, priceId: price?.id ?? assert.fail() };
  };
  const order = (buyer: { id: AccountId }, input: Partial<BuySeatsInput> & { priceId: string }) =>
    buySeats(world.as(buyer.id), { seats: 2, idempotencyKey: newId(), ...input });
  /** Bought and paid. */
  const bought = async (seats = 2, input: Partial<CreateProductInput> = {}) => {
    const offer = await onSale(input);
    const buyer = world.buyer();
    const session = await order(buyer, { priceId: offer.priceId, seats });
    assert('paymentUrl' in session, JSON.stringify(session));
    await world.choose(session, 'success');
    const [pack] = await selectPacks(world.db, 'order_id = $1', [session.orderId]);
    assert(pack !== undefined);
    const members = [];
    for (let n = 0; n < 3; n += 1)
      members.push(await aMember(world.db, { communityId: offer.owner.communityId }));
    const [one, two, three] = members;
    assert(one && two && three);
    return { ...offer, buyer, pack, orderId: session.orderId, one, two, three };
  };
  const assign = (by: { id: AccountId }, packId: string, memberId: string, seatId?: string) =>
    assignSeat(world.as(by.id), { packId, memberId, ...(seatId === undefined ? {} : { seatId }) });
  const access = async (accountId: string) => {
    const rows = await world.db.query<{ status: string }[]>(
      `SELECT status FROM entitlement WHERE account_id = $1 AND source_type = 'seat' ORDER BY id`,
      [accountId],
    );
    return rows.map(({ status }) => status);
  };

  it('costs the price times the seats, a coupon taken off, and divides what was paid', async () => {
    const { owner, priceId } = await onSale();
    const { coupon } = await aCoupon(world, { owner, basisPoints: 1_000 });
    const session = await order(world.buyer(), { priceId, seats: 5, couponCode: coupon.code });
    assert('paymentUrl' in session, JSON.stringify(session));
    expect(session.total.amountMinor).toBe('4500');
    await world.choose(session, 'success');
    // (4500 − 27) in 90 : 10
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(4026n);
  });

  it('gives access to whom a seat is given, not to the buyer, and takes it with the seat', async () => {
    const { buyer, pack, one, two } = await bought(1);
    const first = await assign(buyer, pack.id, one.memberId);
    assert('seat' in first, JSON.stringify(first));
    expect(await assign(buyer, pack.id, one.memberId)).toMatchObject({
      seat: { id: first.seat.id },
    });
    expect([await access(one.id), await access(buyer.id)]).toEqual([['active'], []]);
    expect(await assign(buyer, pack.id, two.memberId)).toEqual(new NoSeatLeft());

    await assign(buyer, pack.id, two.memberId, first.seat.id);
    expect([await access(one.id), await access(two.id)]).toEqual([['revoked'], ['active']]);

    const seat = { packId: pack.id, seatId: first.seat.id };
    for (let again = 0; again < 2; again += 1)
      expect(await reclaimSeat(world.as(buyer.id), seat)).toMatchObject({
        seat: { isTaken: false },
      });
    expect(await access(two.id)).toEqual(['revoked']);
    await assign(buyer, pack.id, one.memberId);
    expect(await access(one.id)).toEqual(['revoked', 'active']);
  });

  it('gives an offered seat to the first who has its code', async () => {
    const { buyer, pack, one } = await bought(1);
    const offer = await offerSeat(world.as(buyer.id), { packId: pack.id });
    assert('code' in offer);
    expect(await assign(buyer, pack.id, one.memberId)).toEqual(new NoSeatLeft());
    const people = Array.from({ length: 10 }, () => world.buyer());
    const outcomes = await Promise.all(
      people.map(({ id }) => takeSeat(world.as(id), { code: offer.code })),
    );
    expect(outcomes.filter((outcome) => 'seat' in outcome)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome instanceof NoSeatLeft)).toHaveLength(9);
    expect((await Promise.all(people.map(({ id }) => access(id)))).flat()).toEqual(['active']);
    const kept = await world.db.query<{ text: string }[]>(
      'SELECT seat::text AS text FROM seat WHERE pack_id = $1',
      [pack.id],
    );
    expect(JSON.stringify(kept)).not.toContain(offer.code);
  });

  it('gives the last seat to one of many who are given it at once', async () => {
    const { buyer, owner, pack } = await bought(1);
    const members = [];
    for (let n = 0; n < 20; n += 1)
      members.push(await aMember(world.db, { communityId: owner.communityId }));
    const outcomes = await Promise.all(
      members.map(({ memberId }) => assign(buyer, pack.id, memberId)),
    );
    expect(outcomes.filter((outcome) => 'seat' in outcome)).toHaveLength(1);
    const seats = await selectSeats(world.db, 'pack_id = $1', [pack.id]);
    expect(seats.filter(({ isTaken }) => isTaken)).toHaveLength(1);
  });

  it('sells the last seats of a hundred simultaneous purchases to one', async () => {
    const { product, priceId } = await onSale({ capacity: 3 });
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => order(world.buyer(), { priceId, seats: 2 })),
    );
    const sold = outcomes.flatMap((outcome) => ('paymentUrl' in outcome ? [outcome] : []));
    expect(sold).toHaveLength(1);
    const stock = () =>
      world.db.query('SELECT held, sold FROM product_stock WHERE product_id = $1', [product.id]);
    expect(await stock()).toEqual([{ held: 2, sold: 0 }]);
    for (const session of sold) await world.choose(session, 'success');
    expect(await stock()).toEqual([{ held: 0, sold: 2 }]);
  });

  it('gives up what is not paid, and lives again when it is paid late', async () => {
    const { priceId, product } = await onSale({ capacity: 2 });
    const buyer = world.buyer();
    const session = await order(buyer, { priceId });
    assert('paymentUrl' in session);
    const status = async () =>
      (await selectPacks(world.db, 'order_id = $1', [session.orderId]))[0]?.status;
    expect(await status()).toBe('waiting');
    await cancelOrder(world.as(buyer.id), { orderId: session.orderId });
    expect(await status()).toBe('given-up');
    expect(
      await world.db.query('SELECT held FROM product_stock WHERE product_id = $1', [product.id]),
    ).toEqual([{ held: 0 }]);
    await world.deliver(settledNotice(await world.paymentOf(session)));
    expect(await status()).toBe('active');
  });

  it('ends with its refund, lives again when that fails, and is withheld while disputed', async () => {
    const { buyer, pack, orderId, one } = await bought();
    await assign(buyer, pack.id, one.memberId);
    const status = async () => (await selectPacks(world.db, 'id = $1', [pack.id]))[0]?.status;
    const dispute = async (kind: 'dispute-opened' | 'dispute-won') => {
      const { id, amount } = await world.paymentOf({ orderId });
      await world.deliver({
        ...{ kind, disputeRef: `d-${id}`, paymentId: id, chargeRef: null, amount, reason: '' },
      });
    };
    await dispute('dispute-opened');
    expect([await status(), await access(one.id)]).toEqual(['suspended', ['suspended']]);
    expect(await assign(buyer, pack.id, one.memberId)).toBeInstanceOf(NotNow);
    await dispute('dispute-won');
    expect([await status(), await access(one.id)]).toEqual(['active', ['active']]);

    const refund = { orderId, reason: '', idempotencyKey: newId() };
    const back = await refundOrder(world.as(buyer.id), refund);
    assert(!(back instanceof UserError));
    expect([await status(), await access(one.id)]).toEqual(['ended', ['revoked']]);
    expect(await assign(buyer, pack.id, one.memberId)).toBeInstanceOf(NotNow);
    await world.deliver({ kind: 'refund-failed', refundId: back.id });
    expect([await status(), await access(one.id)]).toEqual(['active', ['active']]);
  });

  it('is for as long as its terms said when it was bought', async () => {
    const { owner, product, priceId } = await onSale();
    const terms = { productId: product.id, accessDays: 30, leastSeats: 2 };
    const member = await aMember(world.db, { communityId: owner.communityId });
    expect(await setSeatTerms(world.as(member), terms)).toMatchObject({
      code: 'NOT_CATALOGUE_MANAGER',
    });
    await setSeatTerms(world.as(owner), terms);
    expect(await order(world.buyer(), { priceId, seats: 1 })).toMatchObject({
      code: 'NOT_FOR_SALE_LIKE_THIS',
    });
    const buyer = world.buyer();
    const session = await order(buyer, { priceId });
    assert('paymentUrl' in session);
    await setSeatTerms(world.as(owner), { ...terms, accessDays: 1 });
    await world.choose(session, 'success');
    const [pack] = await selectPacks(world.db, 'order_id = $1', [session.orderId]);
    expect(pack?.endsAt).toEqual(new Date('2026-01-31T00:00:00Z'));
    world.setNow('2026-01-31T00:00:00Z');
    expect(await assign(buyer, pack?.id ?? '', member.memberId)).toBeInstanceOf(NotNow);
  });

  it('is nobody else’s to give, and for members alone unless by a code', async () => {
    const { owner, pack, one, buyer } = await bought();
    for (const by of [owner, one]) {
      expect(await assign(by, pack.id, one.memberId)).toEqual(new SeatPackNotFound());
      expect(await offerSeat(world.as(by), { packId: pack.id })).toEqual(new SeatPackNotFound());
      const seat = { packId: pack.id, seatId: newId() };
      expect(await reclaimSeat(world.as(by), seat)).toEqual(new SeatPackNotFound());
    }
    const stranger = await aMember(world.db);
    const gone = await aMember(world.db, { communityId: owner.communityId, status: 'left' });
    for (const memberId of [stranger.memberId, gone.memberId, 'nonsense'])
      expect(await assign(buyer, pack.id, memberId)).toBeInstanceOf(NotNow);
    expect(await takeSeat(world.as(one), { code: 'guess' })).toEqual(new NoSeatLeft());
  });

  it('refuses no seats, too many, other products, the plain checkout, and a key used before', async () => {
    const { owner, product, priceId } = await onSale();
    const buyer = world.buyer();
    for (const seats of [0, 1_001])
      expect(await order(buyer, { priceId, seats })).toMatchObject({
        code: 'NOT_FOR_SALE_LIKE_THIS',
      });
    const { product: course } = await aProduct(world, { owner });
    const [price] = await currentPrices(world.db, course);
    expect(await order(buyer, { priceId: price?.id ?? '' })).toMatchObject({
      code: 'NOT_FOR_SALE_LIKE_THIS',
    });
    await expect(world.order(buyer, product)).rejects.toThrow('INVALID_CHECKOUT');
    const idempotencyKey = newId();
    const first = await order(buyer, { priceId, idempotencyKey });
    expect(await order(buyer, { priceId, idempotencyKey })).toEqual(first);
    expect(await order(buyer, { priceId, idempotencyKey, seats: 9 })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});
