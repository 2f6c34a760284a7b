import assert from 'node:assert/strict';
import { isId, newId } from '@lyceum/contracts';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { Field, ID, InputType } from 'type-graphql';
import { campaignFor, campaignSays } from '../campaigns/campaign-for';
import {
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from '../catalogue/catalogue.errors';
import { Price, type PriceId } from '../catalogue/price.entity';
import type { Product } from '../catalogue/product.entity';
import { visibleProduct } from '../catalogue/visible-product';
import { membershipOf } from '../communities/membership.queries';
import { CouponKind, CouponDuration, type Coupon } from '../coupons/coupon.entity';
import type { CouponRefusal } from '../coupons/coupon.errors';
import { accountKey, cardKey } from '../coupons/customer-keys';
import { reserveCoupon } from '../coupons/reserve-coupon';
import { takeTurns } from '../orders/place-order';
import { paymentMethodsOf } from '../payment-methods/payment-method';
import { addDays, periodStart } from './calendar';
import { charge, claimInvoice } from './charge-due';
import { draftFrom, openBooks } from './invoicing';
import { begin, paid } from './lifecycle';
import { paidInvoice, changed } from './advance-due';

import { planAt } from './plans';
import { insertSubscription, openInvoiceOf, selectSubscriptions } from './rows';
import { AlreadySubscribed, PriceIsPaidOnce, SubscriptionTrialUsed } from './subscription.errors';
import {
  planColumns,
  ProductSubscription,
  type Plan,
  type Subscription,
} from './subscription.type';
import { termsOf } from './terms';
import { writeChanges } from './write-changes';

@InputType()
export class SubscribeInput {
  @Field(() => ID, { description: 'A price by the month or year, that is on sale.' })
  priceId!: string;
  @Field(() => String, { nullable: true }) couponCode?: string | null;
  @Field(() => String, { nullable: true, description: campaignSays })
  campaign?: string | null;
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether to begin with the trial, where there is one. It is there once a person.',
  })
  wantsTrial!: boolean;
}

export type SubscribeRefusal =
  | ProductNotFound
  | ProductIsArchived
  | ProductHasChanged
  | PriceIsPaidOnce
  | AlreadySubscribed
  | SubscriptionTrialUsed
  | CouponRefusal;

/**
 * Subscribes to a product. A trial begins at once; what is to be paid is charged to what the account has given to pay
 * with, and where that is nothing, or is declined, the subscription waits a day for its first invoice to be paid.
 */
export const subscribe = async (
  ctx: Ctx,
  input: SubscribeInput,
): Promise<ProductSubscription | SubscribeRefusal> => {
  requireUser(ctx);
  const offer = await visibleOffer(ctx, input.priceId);
  if (offer === null) return new ProductNotFound();
  const begun = await start(ctx, { ...offer, input });
  if (begun instanceof UserError) return begun;
  await chargeOpenInvoice(ctx, begun.id);
  const [now] = await selectSubscriptions(ctx.db, 'subscription.id = $1', [begun.id]);
  assert(now !== undefined, 'subscriptions are never deleted');
  return now;
};

/** Charges what the subscription asks for now, if it can be; what comes of it is recorded. */
export const chargeOpenInvoice = async (ctx: Ctx, subscriptionId: string): Promise<void> => {
  const invoice = await openInvoiceOf(ctx.db, subscriptionId);
  if (invoice?.nextAttemptAt == null || invoice.nextAttemptAt > ctx.deps.now()) return;
  const claims = await claimInvoice(ctx, { invoiceId: invoice.id });
  if (claims.length > 0) await charge(ctx, claims);
};

interface Offer {
  readonly product: Product;
  readonly price: Price;
}

export const visibleOffer = async (ctx: Ctx, priceId: string): Promise<Offer | null> => {
  if (!isId(priceId)) return null;
  const price = await ctx.db.findOneBy(Price, { id: priceId as PriceId });
  const product = price === null ? null : await visibleProduct(ctx, price.productId);
  return price === null || product === null ? null : { product, price };
};

const start = useCase(
  async (
    tx,
    { product, price, input }: Offer & { input: SubscribeInput },
  ): Promise<Subscription | SubscribeRefusal> => {
    const { accountId } = requireUser(tx);
    const plan = planAt(price);
    if (plan === null) return new PriceIsPaidOnce();
    if (product.isArchived) return new ProductIsArchived();
    if (price.version !== product.version) return new ProductHasChanged(product.version);
    await takeTurns(tx, accountId);
    const [known] = await selectSubscriptions(
      tx.db,
      `subscription.account_id = $1 AND subscription.product_id = $2 AND subscription.status <> 'canceled'`,
      [accountId, product.id],
    );
    if (known !== undefined) return new AlreadySubscribed(known.id);

    const id = newId<'Subscription'>();
    const methods = (await paymentMethodsOf(tx.db, [accountId])).get(accountId) ?? [];
    const keys = [
      accountKey(accountId),
      ...new Set(
        methods.flatMap(({ fingerprint }) => (fingerprint === null ? [] : cardKey(fingerprint))),
      ),
    ];
    const coupon = await couponOf(tx, { id, plan, product, code: input.couponCode ?? null, keys });
    if (coupon instanceof UserError) return coupon;
    const terms = await termsOf(tx.db, product.id);
    const trialDays = input.wantsTrial ? Math.max(terms.trialDays, coupon?.trialDays ?? 0) : 0;
    const subscription = await aSubscription(tx, product, {
      id,
      plan,
      coupon,
      trialDays,
      graceDays: terms.graceDays,
      campaignId: await campaignFor(tx, product, input.campaign),
    });
    await insertSubscription(tx.db, subscription);
    if (trialDays > 0 && !(await takeTrial(tx, subscription, keys)))
      return new SubscriptionTrialUsed();
    await askFirst(tx, subscription, methods.length > 0);
    return subscription;
  },
);

const couponOf = async (
  tx: Tx,
  of: { id: string; plan: Plan; product: Product; code: string | null; keys: readonly string[] },
): Promise<Coupon | null | CouponRefusal> => {
  if (of.code === null) return null;
  const reserved = await reserveCoupon(tx, {
    code: of.code,
    communityId: of.product.communityId,
    customerKeys: of.keys,
    orderId: of.id,
    lines: [{ productId: of.product.id, amount: of.plan.amount }],
    interval: of.plan.interval,
  });
  return 'coupon' in reserved ? reserved.coupon : reserved;
};

const aSubscription = async (
  tx: Tx,
  { communityId }: Product,
  parts: {
    readonly id: Subscription['id'];
    readonly plan: Plan;
    readonly coupon: Coupon | null;
    readonly trialDays: number;
    readonly graceDays: number;
    readonly campaignId: Subscription['campaignId'];
  },
): Promise<Subscription> => {
  const { accountId } = requireUser(tx);
  const { id, plan, coupon, trialDays, graceDays, campaignId } = parts;
  const membership = await membershipOf(tx.db, { communityId, accountId });
  const lifecycle = begin({ interval: plan.interval, trialDays, graceDays }, tx.now);
  const firstPaidPeriod = lifecycle.trialEndsAt ?? tx.now;
  const isDiscount = coupon !== null && coupon.kind !== CouponKind.TRIAL;
  return Object.assign(new ProductSubscription(), lifecycle, planColumns(plan), {
    id,
    communityId,
    accountId,
    memberId: membership?.memberId ?? null,
    pendingPlan: null,
    periodPaidMinor: 0n,
    couponId: isDiscount ? coupon.id : null,
    couponEndsAt: isDiscount ? endOfCoupon(coupon, firstPaidPeriod) : null,
    campaignId,
    createdAt: tx.now,
    version: 0,
  });
};

/** Periods that begin before it are cheaper; null for all of them. */
const endOfCoupon = ({ duration, months }: Coupon, firstPeriod: Date): Date | null => {
  switch (duration) {
    case CouponDuration.FOREVER:
      return null;
    case CouponDuration.ONCE:
      return addDays(firstPeriod, 1); // no second period begins within a day
    case CouponDuration.MONTHS:
      return periodStart(firstPeriod, 'month', months ?? 1);
  }
};

/** A trial is had once, by a person, across everything that the community sells. */
const takeTrial = async (
  tx: Tx,
  { id, communityId }: Subscription,
  keys: readonly string[],
): Promise<boolean> => {
  const taken = await tx.db.query<unknown[]>(
    `INSERT INTO trial_use (community_id, customer_key, subscription_id)
     SELECT $1, key, $3 FROM unnest($2::text[]) AS key ORDER BY key ON CONFLICT DO NOTHING RETURNING 1`,
    [communityId, keys, id],
  );
  return taken.length === keys.length;
};

/** The first invoice of what does not begin with a trial. What costs nothing is paid at once. */
const askFirst = async (tx: Tx, before: Subscription, hasMethod: boolean): Promise<void> => {
  if (before.status === 'trialing')
    return writeChanges(tx, [
      { before: { ...before, paidThrough: null }, after: before, notices: [] },
    ]);
  const books = await openBooks(tx, [before]);
  const period = { ...before, periodEnd: periodStart(tx.now, before.interval, 1) };
  const { invoice, periodAmount } = draftFrom(books, period, tx.now);
  const isFree = invoice.totalMinor === 0n;
  const asked = { ...before, periodPaidMinor: periodAmount.amountMinor };
  await writeChanges(tx, [
    {
      before,
      after: isFree ? paid(asked, tx.now) : asked,
      notices: [],
      newInvoice: isFree
        ? paidInvoice(invoice, tx.now)
        : changed(invoice, { nextAttemptAt: hasMethod ? tx.now : null }),
    },
  ]);
};
