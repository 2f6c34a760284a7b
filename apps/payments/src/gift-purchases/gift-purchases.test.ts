import assert from 'node:assert/strict';
import { newId, type AccountId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { ProductKind } from '../catalogue/product-kind';
import { aPrice, aProduct } from '../catalogue/product.factory';
import { currentPrices } from '../catalogue/product.queries';
import { aMember } from '../communities/membership.factory';
import { NotNow } from '../holds/not-now';
import { AlreadyOwned } from '../orders/order.errors';
import { anArticleOnSale, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { planRefund } from '../refunds/plan-refund';
import { refundOrder } from '../refunds/refund-order';
import { previewOf } from '../refunds/refund.resolver';
import { NotRefundable } from '../refunds/refund-terms';
import { buyGift, type BuyGiftInput } from './buy-gift';
import { PurchasedGiftNotFound, GiftSide, giftsOf, selectGifts } from './gift.type';
import { makeGiftCode, redeemPurchasedGift } from './redeem-purchased-gift';

describe('gifts that are bought', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const onSale = async (amountMinor = '1000', capacity: number | null = null) => {
    const { owner, product } = await anArticleOnSale(world, amountMinor, { capacity });
    const [price] = await currentPrices(world.db, product);
    return { owner, product, priceId: price?.id ?? assert.fail() };
  };
  const order = (giver: { id: AccountId }, input: Partial<BuyGiftInput> & { priceId: string }) =>
    buyGift(world.as(giver.id), { message: 'for you', idempotencyKey: newId(), ...input });
  const given = async (input: Partial<BuyGiftInput> = {}, amountMinor = '1000') => {
    const offer = await onSale(amountMinor, 5);
    const giver = world.buyer();
    const session = await order(giver, { priceId: offer.priceId, ...input });
    assert('paymentUrl' in session, JSON.stringify(session));
    if (session.paymentUrl !== null) await world.choose(session, 'success');
    const [gift] = await selectGifts(world.db, 'order_id = $1', [session.orderId]);
    return { ...offer, giver, gift: gift ?? assert.fail(), orderId: session.orderId };
  };
  const codeOf = async (giver: { id: AccountId }, giftId: string): Promise<string> => {
    const made = await makeGiftCode(world.as(giver.id), { giftId });
    assert('gift' in made, JSON.stringify(made));
    return made.code;
  };
  const redeem = (by: { id: AccountId }, input: { code?: string; giftId?: string }) =>
    redeemPurchasedGift(world.as(by.id), input);
  const rights = (accountId: string) =>
    world.db.query<{ status: string }[]>(
      'SELECT status, source_type AS source FROM entitlement WHERE account_id = $1',
      [accountId],
    );
  const status = async (id: string) => (await selectGifts(world.db, 'id = $1', [id]))[0]?.status;

  it('gives the recipient the right and the author the money when it is redeemed, and neither before', async () => {
    const { owner, giver, gift } = await given();
    expect(await world.balance('gifts', gift.id)).toBe(994n);
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(0n);
    const code = await codeOf(giver, gift.id);
    const friend = world.buyer();
    for (let again = 0; again < 2; again += 1)
      expect(await redeem(friend, { code })).toMatchObject({ status: 'redeemed' });
    expect(await rights(friend.id)).toEqual([{ status: 'active', source: 'gift' }]);
    expect(await rights(giver.id)).toEqual([]);
    expect(await world.balance('gifts', gift.id)).toBe(0n);
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(895n);
    expect(await redeem(world.buyer(), { code })).toEqual(new PurchasedGiftNotFound());
  });

  it('is redeemed by one of many who have its code at once', async () => {
    const { giver, gift } = await given();
    const code = await codeOf(giver, gift.id);
    const people = Array.from({ length: 20 }, () => world.buyer());
    const outcomes = await Promise.all(people.map((person) => redeem(person, { code })));
    expect(outcomes.filter((outcome) => !(outcome instanceof UserError))).toHaveLength(1);
    const all = await Promise.all(people.map(({ id }) => rights(id)));
    expect(all.flat()).toHaveLength(1);
  });

  it('is, when it is for a member, that member’s alone', async () => {
    const { owner, priceId } = await onSale();
    const friend = await aMember(world.db, { communityId: owner.communityId });
    const giver = world.buyer();
    const session = await order(giver, { priceId, recipientId: friend.memberId });
    assert('paymentUrl' in session, JSON.stringify(session));
    const listed = async (by: { id: AccountId }, as: GiftSide) =>
      (await giftsOf(world.as(by.id), as, { first: 5 })).edges.map(({ node }) => node.status);
    expect(await listed(friend, GiftSide.RECIPIENT)).toEqual([]);
    const [gift] = await selectGifts(world.db, 'order_id = $1', [session.orderId]);
    const giftId = gift?.id ?? '';
    expect(await redeem(friend, { giftId })).toBeInstanceOf(NotNow);
    await world.choose(session, 'success');
    expect(await listed(friend, GiftSide.RECIPIENT)).toEqual(['open']);
    expect(await listed(giver, GiftSide.GIVER)).toEqual(['open']);
    expect(await makeGiftCode(world.as(giver.id), { giftId })).toBeInstanceOf(NotNow);
    for (const by of [giver, owner, world.buyer()])
      expect(await redeem(by, { giftId })).toEqual(new PurchasedGiftNotFound());
    expect(await redeem(friend, { giftId })).toMatchObject({ status: 'redeemed' });
  });

  it('goes back to its giver while nobody has it, exactly as the preview says, and opens nothing then', async () => {
    const { giver, gift, orderId, product } = await given();
    const code = await codeOf(giver, gift.id);
    const platform = await world.balance('platform-fee', null);
    const plan = await planRefund(world.as(giver.id), { orderId }, world.deps.now());
    assert(!(plan instanceof UserError));
    expect(previewOf(plan)).toMatchObject({
      buyerGets: { amountMinor: '1000' },
      creatorsGive: { amountMinor: '0' },
      heldGives: { amountMinor: '994' },
      platformGives: { amountMinor: '6' },
    });
    const refund = { orderId, reason: '', idempotencyKey: newId() };
    const back = await refundOrder(world.as(giver.id), refund);
    assert(!(back instanceof UserError));
    expect(await world.balance('gifts', gift.id)).toBe(0n);
    expect(platform - (await world.balance('platform-fee', null))).toBe(6n);
    expect(await redeem(world.buyer(), { code })).toBeInstanceOf(NotNow);
    expect(
      await world.db.query('SELECT held, sold FROM product_stock WHERE product_id = $1', [
        product.id,
      ]),
    ).toEqual([{ held: 0, sold: 0 }]);
    // The provider cannot pay it: it is a gift again, to be redeemed.
    await world.deliver({ kind: 'refund-failed', refundId: back.id });
    expect(await status(gift.id)).toBe('open');
    expect(await redeem(world.buyer(), { code })).toMatchObject({ status: 'redeemed' });
    expect(await world.balance('gifts', gift.id)).toBe(0n);
  });

  it('stays with who has redeemed it, unless the community decides otherwise', async () => {
    const { owner, giver, gift, orderId } = await given();
    const friend = world.buyer();
    await redeem(friend, { code: await codeOf(giver, gift.id) });
    const refund = () => ({ orderId, reason: '', idempotencyKey: newId() });
    expect(await refundOrder(world.as(giver.id), refund())).toBeInstanceOf(NotRefundable);
    await refundOrder(world.as(owner), refund());
    expect(await rights(friend.id)).toMatchObject([{ status: 'revoked' }]);
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(0n);
  });

  it('waits while its payment is disputed', async () => {
    const { giver, gift, orderId } = await given();
    const code = await codeOf(giver, gift.id);
    const { id, amount } = await world.paymentOf({ orderId });
    const about = { disputeRef: `d-${id}`, paymentId: id, chargeRef: null, amount, reason: '' };
    await world.deliver({ kind: 'dispute-opened', ...about });
    expect(await redeem(world.buyer(), { code })).toBeInstanceOf(NotNow);
    await world.deliver({ kind: 'dispute-lost', ...about });
    expect(await status(gift.id)).toBe('returned');
    expect(await world.balance('gifts', gift.id)).toBe(0n);
  });

  it('may be free, is refused to who has it or gave it, and has one good code', async () => {
    const { giver, gift, product } = await given({}, '0');
    const old = await codeOf(giver, gift.id);
    const code = await codeOf(giver, gift.id);
    expect(await redeem(world.buyer(), { code: old })).toEqual(new PurchasedGiftNotFound());
    expect(await redeem(giver, { code })).toBeInstanceOf(NotNow);
    const owning = world.buyer();
    await world.buy(owning, product);
    expect(await redeem(owning, { code })).toEqual(new AlreadyOwned());
    expect(await makeGiftCode(world.as(owning.id), { giftId: gift.id })).toEqual(
      new PurchasedGiftNotFound(),
    );
    expect(await redeem(world.buyer(), { code })).toMatchObject({ status: 'redeemed' });
    expect(await redeem(world.buyer(), {})).toEqual(new PurchasedGiftNotFound());
  });

  it('refuses what is not given, to whom it is not given, and a key used before', async () => {
    const { owner, priceId } = await onSale();
    const giver = await aMember(world.db, { communityId: owner.communityId });
    const stranger = await aMember(world.db);
    for (const recipientId of [giver.memberId, stranger.memberId, 'nonsense'])
      expect(await order(giver, { priceId, recipientId })).toMatchObject({
        code: 'NOT_FOR_SALE_LIKE_THIS',
      });
    const { product: hours } = await aProduct(world, {
      owner,
      kind: ProductKind.CONSULTING,
      prices: [aPrice()],
    });
    const [price] = await currentPrices(world.db, hours);
    for (const input of [{ priceId: price?.id ?? '' }, { priceId, message: 'x'.repeat(501) }])
      expect(await order(giver, input)).toMatchObject({ code: 'NOT_FOR_SALE_LIKE_THIS' });
    const idempotencyKey = newId();
    const first = await order(giver, { priceId, idempotencyKey });
    expect(await order(giver, { priceId, idempotencyKey })).toEqual(first);
    expect(await order(giver, { priceId, idempotencyKey, message: 'x' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});
