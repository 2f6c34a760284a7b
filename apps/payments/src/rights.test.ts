import { newId, type CommunityId } from '@lyceum/contracts';
import { actors, describeRights, isActive, type ActorName, type Operation } from '@lyceum/testing';
import { createApp } from './app';
import { aCampaign } from './campaigns/campaign.factory';
import { aPrice, aProduct } from './catalogue/product.factory';
import { ProductKind } from './catalogue/product-kind';
import type { Product } from './catalogue/product.entity';
import { aMember } from './communities/membership.factory';
import type { Role } from './communities/membership.entity';
import { aCoupon } from './coupons/coupon.factory';
import { paymentsWorld, type PaymentsWorld } from './payments-world.factory';
import {
  buyerOrManager,
  byAccount,
  manage,
  ofEntity,
  once,
  price,
  sellerOrManager,
  shares,
  subscriber,
  type Person,
} from './rights.factory';
import { aMembership, aSubscriber } from './subscriptions/subscription.factory';

type Boss = Awaited<ReturnType<typeof aMember>>;
type About = Parameters<Operation<Person>['make']>[0];

let world: PaymentsWorld;
let boss: Boss;
let communityId: CommunityId;
let free: Product;
let membership: Product;

const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
  const id = newId();
  const whole = { id, ...row };
  await world.db.query(
    `INSERT INTO ${table} (${Object.keys(whole).join(', ')})
     VALUES (${Object.keys(whole)
       .map((_, i) => `$${String(i + 1)}`)
       .join(', ')})`,
    Object.values(whole),
  );
  return id;
};

/** What a member has put on sale, while it could. */
const aProductOf = async ({ memberId }: Person): Promise<Product> => {
  const { product } = await aProduct(world, { owner: boss, prices: [aPrice('0')] });
  await world.db.query('UPDATE product SET created_by_id = $2 WHERE id = $1', [
    product.id,
    memberId,
  ]);
  return product;
};

const aCostOf = async (owner: Person) => ({
  costId: await insert('product_cost', {
    product_id: (await aProductOf(owner)).id,
    category: 'production',
    amount_minor: 100,
    currency: 'CNY',
    incurred_on: '2026-01-01',
    recorded_by_id: owner.memberId,
    recorded_at: new Date(),
    idempotency_key: newId(),
  }),
});

const anEndpoint = () =>
  insert('webhook_endpoint', {
    community_id: communityId,
    url: 'https://hooks.example.com/lyceum',
    secret: 'whsec_test',
    types: ['order.paid'],
    created_by_id: boss.memberId,
    created_at: new Date(),
  });

const aPrizePool = () =>
  insert('prize_pool', {
    community_id: communityId,
    title: 'A contest',
    currency: 'CNY',
    is_open: true,
    version: 1,
  });

const aDelivery = async () => {
  const [{ position } = { position: 0 }] = await world.db.query<{ position: number }[]>(
    `INSERT INTO webhook_message (id, community_id, type, object_id, body, created_at)
     VALUES ($1, $2, 'order.paid', $1, '{}', now()) RETURNING position`,
    [newId(), communityId],
  );
  return insert('webhook_delivery', {
    endpoint_id: await anEndpoint(),
    position,
    object_id: newId(),
    status: 'failed',
    next_attempt_at: new Date(),
  });
};

const anOrder = async ({ owner }: About) => {
  const { product } = await aProduct(world, { owner: boss, prices: [aPrice('1000')] });
  return (await world.order(owner, product)).orderId;
};

const aSubscription =
  (change = '') =>
  async ({ owner }: About) => {
    const { month } = await aMembership(world, { owner: boss, trialDays: 30 });
    await world.db.query('TRUNCATE trial_use');
    const { id } = await aSubscriber(world, owner.id, { priceId: month.id });
    if (change !== '')
      await world.db.query(`UPDATE subscription SET ${change} WHERE id = $1`, [id]);
    return { input: { subscriptionId: id } };
  };

const ofCommunity = (field: string): Operation<Person> => ({
  right: 'catalogue.manage',
  ...once,
  refusals: ['null'],
  document: ofEntity('Community', `${field} { __typename }`),
  make: () => ({ of: [{ __typename: 'Community', id: communityId }] }),
});
const ofProduct = (field: string): Operation<Person> => ({
  right: 'catalogue.manage',
  may: sellerOrManager,
  document: ofEntity('Product', `${field} { __typename }`),
  make: async ({ owner }) => ({
    of: [{ __typename: 'Product', id: (await aProductOf(owner)).id }],
  }),
});

const operations: Record<string, Operation<Person>> = {
  createProduct: {
    ...manage,
    ...once,
    make: () => ({
      input: { communityId, kind: 'COURSE', title: 'Ownership', prices: [price()] },
    }),
  },
  updatePrice: {
    ...manage,
    make: async ({ owner }) => {
      const { id: productId, version } = await aProductOf(owner);
      return { input: { productId, version, prices: [price('999')] } };
    },
  },
  archiveProduct: {
    ...manage,
    make: async ({ owner }) => ({ input: { productId: (await aProductOf(owner)).id } }),
  },
  recordCost: {
    ...manage,
    may: sellerOrManager,
    make: async ({ owner }) => ({
      input: {
        productId: (await aProductOf(owner)).id,
        category: 'PRODUCTION',
        amount: { amountMinor: '100', currency: 'CNY' },
        incurredOn: '2026-01-01',
        idempotencyKey: newId(),
      },
    }),
  },
  voidCost: {
    ...manage,
    may: sellerOrManager,
    refusals: [...manage.refusals, 'COST_NOT_FOUND'],
    make: async ({ owner }) => ({ input: await aCostOf(owner) }),
  },
  createCoupon: {
    ...manage,
    ...once,
    make: () => ({
      input: { communityId, code: `c-${newId()}`, kind: 'PERCENT', basisPoints: 100 },
    }),
  },
  disableCoupon: {
    ...manage,
    ...once,
    refusals: [...manage.refusals, 'COUPON_NOT_FOUND'],
    make: async () => ({ input: { couponId: (await aCoupon(world, { owner: boss })).coupon.id } }),
  },
  createCampaign: {
    ...manage,
    ...once,
    make: () => ({ input: { communityId, code: newId(), name: 'Spring' } }),
  },
  archiveCampaign: {
    ...manage,
    ...once,
    refusals: [...manage.refusals, 'CAMPAIGN_NOT_FOUND'],
    make: async () => ({ input: { campaignId: (await aCampaign(world, boss)).id } }),
  },
  setSubscriptionTerms: {
    ...manage,
    ...once,
    make: () => ({ input: { productId: membership.id, trialDays: 30, graceDays: 7 } }),
  },
  setSponsorTier: {
    ...manage,
    ...once,
    make: async () => {
      const { product } = await aProduct(world, {
        owner: boss,
        kind: ProductKind.SPONSORSHIP,
        prices: [aPrice('0')],
      });
      return { input: { productId: product.id, termDays: 30, rank: 1 } };
    },
  },
  setPayoutTerms: {
    ...manage,
    ...once,
    make: () => ({ input: { communityId, holdDays: 7, minimumMinor: '1000' } }),
  },
  decidePayout: {
    ...manage,
    refusals: [...manage.refusals, 'PAYOUT_NOT_FOUND'],
    make: async ({ owner }) => ({
      input: {
        payoutId: await insert('payout', {
          community_id: communityId,
          member_id: owner.memberId,
          amount_minor: 100,
          currency: 'CNY',
          status: 'requested',
          idempotency_key: newId(),
          requested_at: new Date(),
        }),
        decision: 'FAILED',
        reference: 'no such account',
      },
    }),
  },
  proposeSplit: {
    ...manage,
    make: async ({ owner }) => ({
      input: { communityId, productId: (await aProductOf(owner)).id, version: 0, shares },
    }),
  },
  createWebhookEndpoint: {
    ...manage,
    ...once,
    make: async () => {
      await world.db.query('UPDATE webhook_endpoint SET removed_at = now()');
      const url = 'https://hooks.example.com/lyceum';
      return { input: { communityId, url, types: ['order.paid'] } };
    },
  },
  removeWebhookEndpoint: {
    ...manage,
    ...once,
    refusals: ['ENDPOINT_NOT_FOUND'],
    make: async () => ({ id: await anEndpoint() }),
  },
  replayWebhook: {
    ...manage,
    ...once,
    refusals: ['ENDPOINT_NOT_FOUND'],
    make: async () => ({ deliveryId: await aDelivery() }),
  },
  fundPrizePool: {
    right: 'prizes.fund',
    ...once,
    refusals: ['MAY_NOT_FUND_PRIZES'],
    make: async () => ({
      input: {
        poolId: await aPrizePool(),
        amount: { amountMinor: '1000', currency: 'CNY' },
        idempotencyKey: newId(),
      },
    }),
  },
  prizePool: {
    right: 'prizes.fund',
    ...once,
    refusals: ['null'],
    document: 'query ($id: ID!) { prizePool(id: $id) { id } }',
    make: async () => ({ id: await aPrizePool() }),
  },
  coupons: ofCommunity('coupons'),
  campaigns: ofCommunity('campaigns'),
  subscriptions: ofCommunity('subscriptions'),
  payouts: ofCommunity('payouts'),
  orders: ofCommunity('orders'),
  adPlacements: ofCommunity('adPlacements'),
  webhookEndpoints: ofCommunity('webhookEndpoints'),
  costs: ofProduct('costs'),
  costAndReturn: ofProduct('costAndReturn(currency: "CNY")'),
  checkout: {
    may: (actor) => actor !== 'nobody',
    ...once,
    make: async () => {
      const [price] = await world.db.query<{ id: string }[]>(
        'SELECT id FROM price WHERE product_id = $1',
        [free.id],
      );
      return { input: { priceId: price?.id, idempotencyKey: newId() } };
    },
  },
  cancelOrder: {
    may: byAccount,
    whose: ['own', 'other'],
    refusals: ['ORDER_NOT_FOUND'],
    make: async (about) => ({ input: { orderId: await anOrder(about) } }),
  },
  order: {
    may: buyerOrManager,
    whose: ['own', 'other'],
    refusals: ['NOT_FOUND'],
    document: 'query ($id: ID!) { order(id: $id) { id } }',
    make: async (about) => ({ id: await anOrder(about) }),
  },
  productSubscription: {
    may: buyerOrManager,
    whose: ['own', 'other'],
    refusals: ['NOT_FOUND'],
    document: 'query ($id: ID!) { productSubscription(id: $id) { id } }',
    make: async (about) => ({ id: (await aSubscription()(about)).input.subscriptionId }),
  },
  cancelSubscription: { ...subscriber, make: aSubscription() },
  keepSubscription: { ...subscriber, make: aSubscription('cancel_at_period_end = true') },
  pauseSubscription: { ...subscriber, make: aSubscription(`status = 'active'`) },
  resumeSubscription: { ...subscriber, make: aSubscription('pause_at_period_end = true') },
  retrySubscriptionPayment: { ...subscriber, make: aSubscription() },
};

const casesIn = (file: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `apps/payments/src/${file}`]));

describeRights<Person>({
  rights: ['catalogue.manage', 'prizes.fund'],
  operations,
  byOwnership: {
    subscribe: 'apps/payments/src/subscriptions/subscriptions.test.ts',
    paySubscription: 'apps/payments/src/subscriptions/subscriptions.test.ts#payInvoice',
    changeSubscriptionPlan: 'apps/payments/src/subscriptions/plan-changes.test.ts#changePlan',
    requestPayout: 'apps/payments/src/payouts/payouts.test.ts',
    tip: 'apps/payments/src/tips/tips.test.ts',
    ...casesIn('bookings/bookings.test.ts', [
      'setConsultingHours',
      'bookSlot',
      'cancelBooking',
      'confirmBooking',
      'reportAbsence',
      'contestAbsence',
      'decideBooking',
    ]),
    ...casesIn('seats/seats.test.ts', [
      'setSeatTerms',
      'buySeats',
      'assignSeat',
      'offerSeat',
      'takeSeat',
      'reclaimSeat',
    ]),
    ...casesIn('gift-purchases/gift-purchases.test.ts', [
      'buyGift',
      'makeGiftCode',
      'redeemPurchasedGift',
    ]),
    ...casesIn('commissions/commissions.test.ts', [
      'requestCommission',
      'quoteCommission',
      'declineCommission',
      'acceptQuote',
      'deliverCommission',
      'acceptDelivery',
      'requestRevision',
      'contestDelivery',
      'cancelCommission',
      'decideCommission',
    ]),
    refundOrder: 'apps/payments/src/refunds/refunds.test.ts',
    addPaymentMethod: 'apps/payments/src/payment-methods/payment-methods.test.ts',
    setDefaultPaymentMethod: 'apps/payments/src/payment-methods/payment-methods.test.ts',
    removePaymentMethod: 'apps/payments/src/payment-methods/payment-methods.test.ts',
    buyPlacement: 'apps/payments/src/ads/placements.test.ts',
    reviewPlacement: 'apps/payments/src/ads/placements.test.ts',
    endPlacement: 'apps/payments/src/ads/placements.test.ts',
    describeSponsor: 'apps/payments/src/sponsors/sponsors.test.ts',
    reviewSponsor: 'apps/payments/src/sponsors/sponsors.test.ts',
  },
  open: ['recordAdEvents'],
  world: async () => {
    world = await paymentsWorld();
    const nobodyElse = { internalMembership: null, internalCommunity: null };
    Object.assign(world.deps, { graph: { query: () => Promise.resolve(nobodyElse) } });
    boss = await aMember(world.db, { role: 'owner' });
    ({ communityId } = boss);
    ({ product: free } = await aProduct(world, { owner: boss, prices: [aPrice('0')] }));
    ({ product: membership } = await aMembership(world, { owner: boss }));
    const person = async (role: Role, status = 'active', of = communityId): Promise<Person> => {
      const member = await aMember(world.db, { role, status: status as never, communityId: of });
      return { ...member, accountId: member.id };
    };
    const people = {} as Record<Exclude<ActorName, 'nobody'>, Person>;
    for (const actor of actors) {
      if (actor === 'nobody') continue;
      if (actor === 'stranger') {
        const elsewhere = await aMember(world.db, { role: 'owner' });
        people[actor] = { ...elsewhere, accountId: elsewhere.id };
      } else people[actor] = isActive(actor) ? await person(actor) : await person('owner', actor);
    }
    const { schema } = createApp();
    return { ...world, schema, people, other: await person('member') };
  },
});
