import assert from 'node:assert/strict';
import { newId, type AccountId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { UserError } from '@lyceum/platform';
import fc from 'fast-check';
import { Price } from '../catalogue/price.entity';
import { BillingInterval, ProductKind } from '../catalogue/product-kind';
import type { Product } from '../catalogue/product.entity';
import { aCoupon } from '../coupons/coupon.factory';
import { cancelOrder } from '../orders/cancel-order';
import { checkout } from '../orders/checkout';
import { selectOrders, type Order } from '../orders/order.type';
import { selectPayments, type Payment } from '../orders/payment.type';
import { anArticleOnSale, settledNotice, type PaymentsWorld } from '../payments-world.factory';
import { decidePayout, PayoutDecision } from '../payouts/decide-payout';
import { requestPayout } from '../payouts/request-payout';
import { setPayoutTerms } from '../payouts/set-payout-terms';
import type { Notice } from '../providers/provider';
import { choose, type Choice } from '../providers/sandbox/choose';
import { sandboxPayment } from '../providers/sandbox/sandbox-payment';
import { planRefund } from '../refunds/plan-refund';
import { refundOrder } from '../refunds/refund-order';
import { Refund } from '../refunds/refund.type';
import { PlanChangeMode } from '../subscriptions/change-plan';
import { cancelSubscription } from '../subscriptions/control';
import { changePlan, previewPlanChange } from '../subscriptions/make-plan-change';
import { selectSubscriptions } from '../subscriptions/rows';
import { subscribe } from '../subscriptions/subscribe';
import { aMembership, giveCard, letTimeWork } from '../subscriptions/subscription.factory';
import { tip, TipTarget } from '../tips/tip';
import { processStored } from '../webhooks/process-webhook.job';
import { noticeToJson } from '../webhooks/notice-json';
import type { MortalProcess } from './crash.factory';

/** What can happen, in any order and any number of times; the likelier ones are there more often. */
const happenings = [
  ...['buy', 'buy', 'buy', 'buy-with-coupon', 'tip', 'subscribe', 'subscribe'],
  ...['pay', 'pay', 'pay', 'pay-told-twice', 'pay-told-wrongly', 'settle', 'decline', 'cancel'],
  ...['refund', 'refund', 'refund-settled', 'refund-failed', 'dispute-opened', 'dispute-opened'],
  ...['dispute-won', 'dispute-lost', 'upgrade', 'upgrade', 'end-subscription', 'other-card'],
  ...['pay-out', 'pay-out', 'payout-paid', 'payout-failed', 'payout-reversed', 'days-pass'],
] as const;
export type Happening = (typeof happenings)[number];

export const anyStep = fc.record({
  what: fc.constantFrom(...happenings),
  /** Choose among what there is. */
  who: fc.nat(50),
  part: fc.integer({ min: 1, max: 100 }),
  /** After how many statements and commits the process dies that does it; null when it lives. */
  dies: fc.option(fc.nat(30), { freq: 2 }),
  /** Whether what a provider tells is stored, and processed only at the end. */
  isLate: fc.boolean(),
});
export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

export interface Cast {
  readonly world: PaymentsWorld;
  readonly process: MortalProcess;
  readonly owner: Awaited<ReturnType<typeof anArticleOnSale>>['owner'];
  readonly products: readonly Product[];
  readonly plans: readonly Price[];
  readonly coupon: string;
  readonly answerId: string;
  readonly buyers: readonly AccountId[];
  readonly clock: { now: Date };
}

const dayMs = 86_400_000;

/** A community that sells, and three people who buy. */
export const castOf = async (world: PaymentsWorld, process: MortalProcess): Promise<Cast> => {
  const article = await anArticleOnSale(world, '1000');
  const { owner } = article;
  const ticket = { kind: ProductKind.EVENT_TICKET, unlocks: [], capacity: 2, owner };
  const tickets = await anArticleOnSale(world, '1', ticket);
  const dear = await anArticleOnSale(world, '99999', { owner } as object);
  const plans = [
    await aMembership(world, { owner, graceDays: 2 }),
    await aMembership(world, { owner, month: '2500', trialDays: 5 }),
  ];
  const { coupon } = await aCoupon(world, { owner, maxUses: 2 });
  const { communityId } = owner;
  await setPayoutTerms(world.as(owner), { communityId, holdDays: 0, minimumMinor: '10' });
  const answerId = newId();
  await world.db.query(
    `INSERT INTO authored_content (content_id, content_type, community_id, author_id) VALUES ($1, 'answer', $2, $3)`,
    [answerId, communityId, owner.memberId],
  );
  const buyers = [world.buyer(), world.buyer(), world.buyer()].map(({ id }) => id);
  for (const id of buyers.slice(1)) await giveCard(world, id);
  return {
    world,
    process,
    owner,
    products: [article.product, tickets.product, dear.product],
    plans: plans.map(({ month }) => month),
    coupon: coupon.code,
    answerId,
    buyers,
    clock: { now: new Date('2026-01-01T00:00:00Z') },
  };
};

const pick = <T>(from: readonly T[], n: number): T | undefined =>
  from[n % Math.max(1, from.length)];

/** Does the step to whatever it applies to; what is refused changes nothing, and is a part of histories. */
export const take = async (cast: Cast, step: Step): Promise<void> => {
  const { what, who } = step;
  if (what === 'days-pass') return pass(cast, step.part);
  if (what.startsWith('pay-out') || what.startsWith('payout-')) return payOut(cast, step);
  if (['subscribe', 'upgrade', 'end-subscription', 'other-card'].includes(what))
    return subscription(cast, step);
  if (what.startsWith('buy') || what === 'tip') return order(cast, step);
  const orders = await selectOrders(cast.world.db, 'buyer_id = ANY($1) ORDER BY id', [cast.buyers]);
  const found = pick(orders, who);
  if (found === undefined) return;
  const [payment] = await selectPayments(cast.world.db, 'order_id = $1', [found.id]);
  await happenTo(cast, step, { order: found, payment });
};

const order = async ({ world, process, ...cast }: Cast, { what, who, part, dies }: Step) => {
  const ctx = world.as(pick(cast.buyers, part) ?? assert.fail());
  const idempotencyKey = newId();
  if (what === 'tip') {
    const amount = { amountMinor: String(100 * part), currency: 'CNY' };
    const wish = { targetType: TipTarget.ANSWER, targetId: cast.answerId, amount, idempotencyKey };
    await process.survive(dies, () => tip(ctx, wish));
    return;
  }
  const product = pick(cast.products, who) ?? assert.fail();
  const { id: productId, version } = product;
  const price = await world.db.findOneByOrFail(Price, {
    productId,
    version,
    interval: BillingInterval.ONE_OFF,
  });
  const couponCode = what === 'buy-with-coupon' ? cast.coupon : null;
  await process.survive(dies, () =>
    checkout(ctx, { priceId: price.id, couponCode, idempotencyKey }),
  );
};

const subscription = async (cast: Cast, { what, who, part, dies }: Step): Promise<void> => {
  const { world, process } = cast;
  const accountId = pick(cast.buyers, who) ?? assert.fail();
  const ctx = world.as(accountId);
  if (what === 'other-card')
    return giveCard(world, accountId, { token: part % 3 === 0 ? 'decline' : 'ok' });
  const priceId = pick(cast.plans, part)?.id ?? '';
  if (what === 'subscribe') {
    await process.survive(dies, () => subscribe(ctx, { priceId, wantsTrial: part % 2 === 0 }));
    return;
  }
  const own = await selectSubscriptions(world.db, 'account_id = $1 ORDER BY id', [accountId]);
  const known = own.at(-1);
  if (known === undefined) return;
  const of = { subscriptionId: known.id };
  if (what === 'end-subscription') {
    await process.survive(dies, () => cancelSubscription(ctx, { ...of, isAtOnce: part > 50 }));
    return;
  }
  const mode = pick(Object.values(PlanChangeMode), part) ?? assert.fail();
  const request = { ...of, priceId, mode };
  const preview = await previewPlanChange(ctx, request);
  const outcome = await changePlan(ctx, request);
  assert.equal(preview instanceof UserError, outcome instanceof UserError, 'as the preview says');
};

interface Known {
  readonly order: Order;
  readonly payment: Payment | undefined;
}

const choices: Partial<Record<Happening, Choice>> = {
  pay: 'success',
  'pay-told-twice': 'duplicate',
  'pay-told-wrongly': 'reorder',
  decline: 'decline',
};

const happenTo = async (cast: Cast, step: Step, { order: of, payment }: Known): Promise<void> => {
  const { world, process } = cast;
  const { what, dies } = step;
  if (what === 'cancel') {
    await process.survive(dies, () => cancelOrder(world.as(of.buyerId), { orderId: of.id }));
    return;
  }
  if (what === 'refund') return refund(cast, step, of);
  if (payment === undefined) return;
  const choice = choices[what];
  if (choice === undefined) return tell(cast, step, payment);
  const page = await sandboxPayment(world.deps, payment.providerRef ?? '');
  if (page === null) return;
  await process.survive(dies, () => choose(world.deps, page, choice));
  if (!step.isLate) await process.survive(dies, () => world.settleDown());
};

/** Its preview says what it does, to the account. */
const refund = async ({ world, process, owner }: Cast, step: Step, of: Order): Promise<void> => {
  const ctx = world.as(owner);
  const amountMinor = ((of.refundable.amountMinor * BigInt(step.part)) / 100n).toString();
  const request = {
    orderId: of.id,
    amount: { amountMinor, currency: 'CNY' },
    endsAccess: step.who % 2 === 0,
  };
  const plan = await planRefund(ctx, request, world.deps.now());
  const input = { ...request, reason: '', idempotencyKey: newId() };
  const outcome = await process.survive(step.dies, () => refundOrder(ctx, input));
  assert.equal(plan instanceof UserError, !(outcome instanceof Refund), 'as the preview says');
  if (plan instanceof UserError || !(outcome instanceof Refund)) return;
  const moved = await world.db.query<{ code: string; ownerId: string | null; n: string }[]>(
    `SELECT code, owner_id AS "ownerId", amount_minor AS n FROM ledger_entry AS entry
       JOIN ledger_transfer AS transfer ON transfer.id = transfer_id JOIN ledger_account AS account ON account.id = account_id
     WHERE idempotency_key = $1 AND amount_minor < 0`,
    [`refund:${outcome.id}`],
  );
  const said = plan.taken.map((part) => [part.code, part.ownerId, -part.amount.amountMinor]);
  const done = moved.map(({ code, ownerId, n }) => [code, ownerId, BigInt(n)]);
  assert.deepEqual(done.map(String).sort(), said.map(String).sort(), 'as the preview says');
};

/** A provider tells something, true or not, in time or late; and tells it again. */
const tell = async (cast: Cast, step: Step, payment: Payment): Promise<void> => {
  const { world, process } = cast;
  const id = newId();
  const notice = await noticeOf(cast, step, payment);
  await world.db.query(
    `INSERT INTO provider_webhook (id, provider, event_id, type, notice, raw_body, received_at, next_attempt_at)
     VALUES ($1, 'sandbox', $4, 'test', $2, '', $3, $3)`,
    [id, noticeToJson(notice), world.deps.now(), id],
  );
  if (step.isLate) return;
  await process.survive(step.dies, () => processStored(world.service, id));
  await processStored(world.service, id);
};

const noticeOf = async ({ world }: Cast, step: Step, payment: Payment): Promise<Notice> => {
  const { what, part } = step;
  if (what === 'settle') return settledNotice(payment);
  if (what === 'refund-settled' || what === 'refund-failed') {
    const [found] = await world.db.query<{ id: string }[]>(
      'SELECT id FROM refund ORDER BY id DESC LIMIT 1 OFFSET $1',
      [part % 3],
    );
    return { kind: what, refundId: found?.id ?? newId() };
  }
  return {
    kind: what as 'dispute-opened' | 'dispute-won' | 'dispute-lost', // the only ones left
    disputeRef: `d-${payment.id}-${String(part % 2)}`,
    paymentId: payment.id,
    chargeRef: null,
    amount: money((payment.amountMinor * BigInt(part)) / 100n, 'CNY' as Currency),
    reason: '',
  };
};

const payOut = async (cast: Cast, { what, who, part, dies }: Step): Promise<void> => {
  const { world, process, owner } = cast;
  const { communityId } = owner;
  if (what === 'pay-out') {
    const amount = { amountMinor: String(part * 10), currency: 'CNY' };
    const input = { communityId, amount, idempotencyKey: newId() };
    await process.survive(dies, () => requestPayout(world.as(owner), input));
    return;
  }
  const payouts = await world.db.query<{ id: string }[]>(
    'SELECT id FROM payout WHERE community_id = $1 ORDER BY id',
    [communityId],
  );
  const payoutId = pick(payouts, who)?.id ?? newId();
  const decision = {
    'payout-paid': PayoutDecision.PAID,
    'payout-failed': PayoutDecision.FAILED,
    'payout-reversed': PayoutDecision.REVERSED,
  }[what as 'payout-paid' | 'payout-failed' | 'payout-reversed']; // the only ones left
  const verdict = { payoutId, decision, reference: 'a bank said so' };
  await process.survive(dies, () => decidePayout(world.as(owner), verdict));
};

const pass = async ({ world, clock }: Cast, days: number): Promise<void> => {
  clock.now = new Date(clock.now.getTime() + (days % 20) * dayMs);
  world.setNow(clock.now);
  await letTimeWork(world);
};

/** Everything that is under way ends: jobs that died are done again, and what was told late is heard in any order. */
export const settle = async (cast: Cast): Promise<void> => {
  const { world, clock } = cast;
  for (let day = 0; day < 3; day += 1) {
    const waiting = await world.db.query<{ id: string }[]>(
      `SELECT id FROM provider_webhook WHERE status = 'received' ORDER BY md5(id::text)`,
    );
    for (const { id } of waiting) await processStored(world.service, id);
    clock.now = new Date(clock.now.getTime() + dayMs);
    world.setNow(clock.now);
    await letTimeWork(world);
    await world.settleDown();
  }
};
