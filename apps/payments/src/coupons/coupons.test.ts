import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { useCase, UserError, type Ctx } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import type { GraphQLSchema } from 'graphql';
import { askGraph } from '../graph/ask.factory';
import { createApp } from '../app';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { aPrice, aProduct } from '../catalogue/product.factory';
import { aMember } from '../communities/membership.factory';
import { database } from '../database';
import { Price } from '../catalogue/price.entity';
import {
  CouponCodeTaken,
  CouponDoesNotApply,
  CouponNotFound,
  CouponNotInForce,
  CouponUsedBefore,
  CouponUsedUp,
  InvalidCoupon,
} from './coupon.errors';
import { CouponDuration, CouponKind, type Coupon } from './coupon.entity';
import { aCoupon } from './coupon.factory';
import { createCoupon, disableCoupon } from './create-coupon';
import { consumeCoupon, releaseCoupon, reserveCoupon, type CouponRequest } from './reserve-coupon';

const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
const reserve = useCase((tx, request: CouponRequest) => reserveCoupon(tx, request));
const release = useCase((tx, orderId: string) => releaseCoupon(tx, orderId));
const consume = useCase((tx, orderId: string) => consumeCoupon(tx, orderId));

describe('coupons', () => {
  let world: TestWorld;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database, now: '2026-03-01T00:00:00.000Z' });
    schema = createApp().schema;
  });
  beforeEach(() => {
    world.setNow('2026-03-01T00:00:00.000Z');
  });
  afterAll(() => world.close());

  const use = (coupon: Coupon, options: Partial<CouponRequest> = {}): CouponRequest => ({
    code: coupon.code,
    communityId: coupon.communityId,
    customerKeys: [newId<'Account'>()],
    orderId: newId<'Order'>(),
    lines: [{ productId: newId<'Product'>(), amount: cny(1_000n) }],
    interval: null,
    ...options,
  });
  const reserved = (request: CouponRequest) => reserve(world.as(null), request);

  it('takes its part off, in whatever case and width the code is typed', async () => {
    const { coupon } = await aCoupon(world, { code: 'Früh-2026' });
    for (const code of ['Früh-2026', ' FRÜH-2026 ', 'ｆrüh-２０２６']) {
      expect(await reserved(use(coupon, { code }))).toMatchObject({ discounts: [cny(100n)] });
    }
    expect(await reserved(use(coupon, { code: 'früh' }))).toEqual(new CouponNotFound());
  });

  it('lets exactly ten of fifty simultaneous buyers use a coupon for ten', async () => {
    const { coupon } = await aCoupon(world, { maxUses: 10 });
    const requests = Array.from({ length: 50 }, () => use(coupon));
    const outcomes = await Promise.all(requests.map(reserved));
    const got = outcomes.filter((outcome) => !(outcome instanceof UserError));
    expect(got).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome instanceof CouponUsedUp)).toHaveLength(40);

    const winner = requests[outcomes.findIndex((outcome) => !(outcome instanceof UserError))];
    await release(world.as(null), winner?.orderId ?? '');
    await release(world.as(null), winner?.orderId ?? ''); // twice gives back once
    const again = await Promise.all(requests.slice(0, 5).map(() => reserved(use(coupon))));
    expect(again.filter((outcome) => !(outcome instanceof UserError))).toHaveLength(1);
  });

  it('counts a customer once, from whichever account or card', async () => {
    const { coupon } = await aCoupon(world, { maxUsesPerCustomer: 1 });
    const first = use(coupon, { customerKeys: ['account 1', 'card x'] });
    expect(await reserved(first)).not.toBeInstanceOf(UserError);
    for (const customerKeys of [['account 1'], ['account 2', 'card x']]) {
      expect(await reserved(use(coupon, { customerKeys }))).toEqual(new CouponUsedBefore());
    }
    expect(await reserved(use(coupon, { customerKeys: ['account 2'] }))).not.toBeInstanceOf(
      UserError,
    );
    await release(world.as(null), first.orderId);
    expect(await reserved(use(coupon, { customerKeys: ['card x'] }))).not.toBeInstanceOf(UserError);
  });

  it('lets one of twenty simultaneous orders of one customer through', async () => {
    const { coupon } = await aCoupon(world, { maxUsesPerCustomer: 1 });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => reserved(use(coupon, { customerKeys: ['account 1'] }))),
    );
    expect(outcomes.filter((outcome) => !(outcome instanceof UserError))).toHaveLength(1);
  });

  it('is not used up by what it takes nothing off', async () => {
    const { coupon } = await aCoupon(world, { maxUses: 1 });
    const free = use(coupon, { lines: [{ productId: newId<'Product'>(), amount: cny(0n) }] });
    expect(await reserved(free)).toMatchObject({ discounts: [cny(0n)] });
    expect(await reserved(use(coupon))).not.toBeInstanceOf(UserError);
  });

  it('counts again when a given-up order is paid after all', async () => {
    const { coupon } = await aCoupon(world, { maxUses: 1 });
    const late = use(coupon);
    await reserved(late);
    await release(world.as(null), late.orderId);
    await consume(world.as(null), late.orderId);
    expect(await reserved(use(coupon))).toEqual(new CouponUsedUp());
  });

  it('is in force within its window, until it is disabled', async () => {
    const startsAt = new Date('2026-03-10T00:00:00.000Z');
    const endsAt = new Date('2026-03-20T00:00:00.000Z');
    const { owner, coupon } = await aCoupon(world, { startsAt, endsAt });
    for (const [now, isIn] of [
      ['2026-03-09T23:59:59.999Z', false],
      ['2026-03-10T00:00:00.000Z', true],
      ['2026-03-19T23:59:59.999Z', true],
      ['2026-03-20T00:00:00.000Z', false],
    ] as const) {
      world.setNow(now);
      expect((await reserved(use(coupon))) instanceof CouponNotInForce).toBe(!isIn);
    }
    world.setNow('2026-03-15T00:00:00.000Z');
    const disabled = await disableCoupon(world.as(owner), { couponId: coupon.id });
    expect(await disableCoupon(world.as(owner), { couponId: coupon.id })).toEqual(disabled);
    expect(await reserved(use(coupon))).toEqual(new CouponNotInForce());
  });

  it('applies to its products, its currency and what goes on', async () => {
    const { owner, product } = await aProduct(world);
    const { coupon } = await aCoupon(world, { owner, productIds: [product.id] });
    expect(await reserved(use(coupon))).toEqual(new CouponDoesNotApply());
    const months = { duration: CouponDuration.MONTHS, months: 3 };
    const { coupon: threeMonths } = await aCoupon(world, months);
    expect(await reserved(use(threeMonths, { interval: 'year' }))).toEqual(
      new CouponDoesNotApply(),
    );
    expect(await reserved(use(threeMonths, { interval: 'month' }))).not.toBeInstanceOf(UserError);
    const { coupon: trial } = await aCoupon(world, { kind: CouponKind.TRIAL, trialDays: 14 });
    expect(await reserved(use(trial))).toEqual(new CouponDoesNotApply());
    expect(await reserved(use(trial, { interval: 'year' }))).not.toBeInstanceOf(UserError);
    const other = await aMember(world.db, { role: 'owner' });
    const elsewhere = use(trial, { communityId: other.communityId });
    expect(await reserved(elsewhere)).toEqual(new CouponNotFound());
  });

  it('refuses terms that make no sense', async () => {
    const { owner, product: foreign } = await aProduct(world);
    const { owner: other } = await aCoupon(world);
    const usd = { amountMinor: '5', currency: 'USD' };
    for (const terms of [
      { code: 'ab' },
      { code: 'a b c' },
      { code: 'x'.repeat(41) },
      { basisPoints: 0 },
      { basisPoints: 10_001 },
      { basisPoints: null },
      { amount: usd },
      { kind: CouponKind.FIXED },
      { kind: CouponKind.FIXED, basisPoints: null, amount: { ...usd, amountMinor: '0' } },
      { kind: CouponKind.TRIAL, basisPoints: null, trialDays: 0 },
      { duration: CouponDuration.MONTHS },
      { months: 3 },
      { maxUses: 0 },
      { maxUsesPerCustomer: 0 },
      { startsAt: new Date('2026-02-02'), endsAt: new Date('2026-02-01') },
      { productIds: [foreign.id] },
      { productIds: ['nonsense'] },
    ]) {
      const input = {
        communityId: other.communityId,
        code: `x-${newId<'Coupon'>()}`,
        kind: CouponKind.PERCENT,
        basisPoints: 100,
        duration: CouponDuration.ONCE,
        productIds: [],
        ...terms,
      };
      expect(await createCoupon(world.as(other), input)).toBeInstanceOf(InvalidCoupon);
    }
    expect(owner.communityId).not.toBe(other.communityId);
  });

  it('has one code in a community, and is made and ended by who manages it', async () => {
    const { owner, coupon } = await aCoupon(world, { code: 'spring' });
    const input = {
      communityId: owner.communityId,
      code: 'SPRING',
      kind: CouponKind.PERCENT,
      basisPoints: 1,
      duration: CouponDuration.ONCE,
      productIds: [],
    };
    expect(await createCoupon(world.as(owner), input)).toEqual(new CouponCodeTaken());
    const member = await aMember(world.db, { communityId: owner.communityId });
    const stranger = await aMember(world.db, { role: 'owner' });
    expect(await createCoupon(world.as(member), input)).toEqual(new NotCatalogueManager());
    const ending = { couponId: coupon.id };
    expect(await disableCoupon(world.as(member), ending)).toEqual(new NotCatalogueManager());
    expect(await disableCoupon(world.as(stranger), ending)).toEqual(new CouponNotFound());
    expect(await disableCoupon(world.as(owner), { couponId: 'x' })).toEqual(new CouponNotFound());
  });

  const ask = (source: string, variables: object, ctx: Ctx) =>
    askGraph({ schema, ctx }, source, variables);

  it('is quoted to a buyer, and its savings told to who offers it alone', async () => {
    const { owner, product } = await aProduct(world, { prices: [aPrice('1000')] });
    const { coupon } = await aCoupon(world, { owner, code: 'Tenth', maxUses: 1 });
    const { id: priceId } = await world.db.findOneByOrFail(Price, { productId: product.id });
    const quote = `query ($input: CouponQuoteInput!) { couponQuote(input: $input) {
      __typename ... on CouponQuote { price { amountMinor } discount { amountMinor } total { amountMinor } }
      ... on UserError { code } } }`;
    const input = { code: 'tenth', productId: product.id, priceId };
    const buyer = await aMember(world.db, { communityId: owner.communityId });
    for (let asked = 0; asked < 2; asked += 1) {
      const { data } = await ask(quote, { input }, world.as(buyer));
      expect(data.couponQuote).toEqual({
        __typename: 'CouponQuote',
        price: { amountMinor: '1000' },
        discount: { amountMinor: '100' },
        total: { amountMinor: '900' },
      });
    }
    await reserved(use(coupon, { lines: [{ productId: product.id, amount: cny(1_000n) }] }));
    const used = await ask(quote, { input }, world.as(buyer));
    expect(used.data.couponQuote.code).toBe('COUPON_USED_UP');
    const nonsense = { ...input, priceId: 'nonsense' };
    const none = await ask(quote, { input: nonsense }, world.as(buyer));
    expect(none.data.couponQuote.code).toBe('COUPON_DOES_NOT_APPLY');

    const list = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Community {
      coupons { edges { node { code products { id } savings { uses discount { amountMinor } } } } } } } }`;
    const r = [{ __typename: 'Community', id: owner.communityId }];
    const { data } = await ask(list, { r }, world.as(owner));
    expect(data._entities[0].coupons.edges).toEqual([
      {
        node: {
          code: 'Tenth',
          products: [],
          savings: [{ uses: 1, discount: { amountMinor: '100' } }],
        },
      },
    ]);
    expect((await ask(list, { r }, world.as(buyer))).codes).toEqual(['FORBIDDEN']);
    expect((await ask(quote, { input }, world.as(null))).codes).toEqual(['UNAUTHENTICATED']);
  });
});
