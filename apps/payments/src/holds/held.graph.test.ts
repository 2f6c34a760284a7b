import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import { createApp } from '../app';
import { ProductKind } from '../catalogue/product-kind';
import { aPrice, aProduct } from '../catalogue/product.factory';
import { currentPrices } from '../catalogue/product.queries';
import { aMember } from '../communities/membership.factory';
import { askGraph } from '../graph/ask.factory';
import { earningsOf } from '../payouts/cleared';
import { paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { statementOf } from '../statements/statement';

type Person = Awaited<ReturnType<typeof aMember>>;

describe('what is held, through the graph', () => {
  let world: PaymentsWorld;
  let owner: Person;
  let maker: Person;
  let client: Person;
  const { schema } = createApp();
  beforeAll(async () => {
    world = await paymentsWorld();
    owner = await aMember(world.db, { role: 'owner' });
    maker = await aMember(world.db, { communityId: owner.communityId });
    client = await aMember(world.db, { communityId: owner.communityId });
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const ask = (by: Person | null, source: string, variables: object = {}) =>
    askGraph({ schema, ctx: world.as(by) }, source, variables);
  /** One mutation with an input; what it answers, which is no refusal. */
  const run = async (by: Person, [name, fields]: [string, string], input: object) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { data, codes } = await ask(
      by,
      `mutation ($input: ${inputOf[name] ?? type}!) {
         it: ${name}(input: $input) { __typename ... on UserError { refusal: code } ${fields} }
       }`,
      { input },
    );
    expect(codes).toBeUndefined();
    expect(data.it.refusal).toBeUndefined();
    return data.it;
  };
  const inputOf: Readonly<Record<string, string>> = {
    confirmBooking: 'BookingInput',
    acceptDelivery: 'CommissionInput',
    requestRevision: 'ObjectToDeliveryInput',
  };
  const onSale = async (kind: ProductKind) => {
    const prices = [aPrice('1000')];
    const { product } = await aProduct(world, { owner, kind, prices, earnerId: maker.memberId });
    const [price] = await currentPrices(world.db, product);
    return { productId: product.id, priceId: price?.id ?? assert.fail() };
  };
  const session = '... on PaymentSession { orderId paymentUrl total { amountMinor } }';

  it('books an appointment, and pays it out after it was given and held on', async () => {
    const { productId, priceId } = await onSale(ProductKind.CONSULTING);
    const hours = '... on ConsultingHours { timeZone windows { weekday from until } }';
    const set = await run(maker, ['setConsultingHours', hours], {
      productId,
      timeZone: 'Asia/Shanghai',
      slotMinutes: 30,
      windows: [{ weekday: 5, from: '09:00', until: '10:00' }],
    });
    expect(set).toMatchObject({ windows: [{ weekday: 5, from: '09:00', until: '10:00' }] });
    const slots = await ask(
      null,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Product {
         slots(from: "2026-01-01T00:00:00Z", until: "2026-01-03T00:00:00Z") { startsAt isFree } } } }`,
      { of: [{ __typename: 'Product', id: productId }] },
    );
    const [first, second] = slots.data._entities[0].slots;
    expect([first, second]).toMatchObject([
      { startsAt: '2026-01-02T01:00:00.000Z', isFree: true },
      { startsAt: '2026-01-02T01:30:00.000Z', isFree: true },
    ]);
    const booked = await run(client, ['bookSlot', session], {
      priceId,
      startsAt: '2026-01-02T01:00:00Z',
      note: 'hello',
      idempotencyKey: newId(),
    });
    await world.choose(booked, 'success');
    const list = await ask(
      maker,
      '{ viewerBookings(as: CONSULTANT) { edges { node { id status note buyer { id } terms { freeHours } } } } }',
    );
    const [{ node: booking }] = list.data.viewerBookings.edges;
    expect(booking).toMatchObject({ status: 'BOOKED', note: 'hello', terms: { freeHours: 24 } });
    const preview = await ask(
      client,
      `query ($id: ID!) { bookingCancelPreview(bookingId: $id) {
         ... on EndingPreview { buyerGets { amountMinor } creatorsGet { amountMinor } } } }`,
      { id: booking.id },
    );
    expect(preview.data.bookingCancelPreview).toEqual({
      buyerGets: { amountMinor: '1000' },
      creatorsGet: { amountMinor: '0' },
    });

    const cleared = async () => {
      const at = { holdDays: 7, at: world.deps.now() };
      const [earned] = await earningsOf(world.db, maker.memberId, at);
      return earned?.cleared.amountMinor ?? 0n;
    };
    world.setNow('2026-01-02T01:30:00Z');
    expect(await cleared()).toBe(0n);
    const status = '... on Booking { status }';
    const done = await run(client, ['confirmBooking', status], { bookingId: booking.id });
    expect(done).toMatchObject({ status: 'COMPLETED' });
    expect(await cleared()).toBe(0n);
    world.setNow('2026-01-09T01:31:00Z');
    expect(await cleared()).toBe(895n);
    const { memberId } = maker;
    const { edges } = await statementOf(world.db, { memberId, from: null, to: null }, { first: 1 });
    expect(edges[0]?.node).toMatchObject({ kind: 'release', orderId: booked.orderId });
  });

  it('buys seats and gives one', async () => {
    const { priceId } = await onSale(ProductKind.SEAT_PACK);
    const input = { priceId, seats: 2, idempotencyKey: newId() };
    const bought = await run(client, ['buySeats', session], input);
    expect(bought.total).toEqual({ amountMinor: '2000' });
    await world.choose(bought, 'success');
    const packs =
      '{ viewerSeatPacks { edges { node { id status seats places { isTaken holder { id } } } } } }';
    const [{ node: pack }] = (await ask(client, packs)).data.viewerSeatPacks.edges;
    const give = { packId: pack.id, memberId: maker.memberId };
    const given = await run(
      client,
      ['assignSeat', '... on SeatGiven { seat { number holder { id } } }'],
      give,
    );
    expect(given.seat).toEqual({ number: 1, holder: { id: maker.memberId } });
    const after = (await ask(client, packs)).data.viewerSeatPacks.edges[0].node;
    expect(after.places.map(({ isTaken }: { isTaken: boolean }) => isTaken)).toEqual([true, false]);
    expect((await ask(maker, packs)).data.viewerSeatPacks.edges).toEqual([]);
  });

  it('gives a course away', async () => {
    const { priceId } = await onSale(ProductKind.COURSE);
    const input = { priceId, message: 'enjoy', idempotencyKey: newId() };
    const bought = await run(client, ['buyGift', session], input);
    await world.choose(bought, 'success');
    const given = await ask(
      client,
      '{ viewerPurchasedGifts(as: GIVER) { edges { node { id status } } } }',
    );
    const [{ node: gift }] = given.data.viewerPurchasedGifts.edges;
    expect(gift.status).toBe('OPEN');
    const { code } = await run(client, ['makeGiftCode', '... on GiftCode { code }'], {
      giftId: gift.id,
    });
    const fields = '... on PurchasedGift { status product { viewerEntitlement { status } } }';
    expect(await run(maker, ['redeemPurchasedGift', fields], { code })).toMatchObject({
      status: 'REDEEMED',
      product: { viewerEntitlement: { status: 'ACTIVE' } },
    });
  });

  it('has work done', async () => {
    const status = '... on Commission { id status }';
    const asked = await run(client, ['requestCommission', status], {
      communityId: owner.communityId,
      creatorId: maker.memberId,
      title: 'A cover',
      brief: 'With a crab.',
      idempotencyKey: newId(),
    });
    const commissionId = asked.id as string;
    const quote = { commissionId, amount: { amountMinor: '500', currency: 'CNY' }, deliverDays: 5 };
    expect(await run(maker, ['quoteCommission', status], quote)).toMatchObject({
      status: 'QUOTED',
    });
    const accept = { commissionId, quoteNumber: 1, idempotencyKey: newId() };
    await world.choose(await run(client, ['acceptQuote', session], accept), 'success');
    await run(maker, ['deliverCommission', status], { commissionId, delivery: 'here' });
    await run(client, ['requestRevision', status], { commissionId, objection: 'bluer' });
    await run(maker, ['deliverCommission', status], { commissionId, delivery: 'blue' });
    expect(await run(client, ['acceptDelivery', status], { commissionId })).toMatchObject({
      status: 'ACCEPTED',
    });
    const seen =
      '{ viewerCommissions(as: CREATOR) { edges { node { status amount { amountMinor } client { id } } } } }';
    expect((await ask(maker, seen)).data.viewerCommissions.edges).toEqual([
      {
        node: {
          status: 'ACCEPTED',
          amount: { amountMinor: '500' },
          client: { id: client.memberId },
        },
      },
    ]);
    const stranger = await aMember(world.db);
    const one = `query ($id: ID!) { commission(id: $id) { brief } }`;
    expect((await ask(stranger, one, { id: commissionId })).codes).toEqual(['NOT_FOUND']);
    expect((await ask(null, one, { id: commissionId })).codes).toEqual(['UNAUTHENTICATED']);
  });
});
