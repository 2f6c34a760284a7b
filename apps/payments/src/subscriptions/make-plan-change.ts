import { isZero, type Money } from '@lyceum/money';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import {
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from '../catalogue/catalogue.errors';
import type { Price } from '../catalogue/price.entity';
import type { Product } from '../catalogue/product.entity';
import { PlanChangeMode, quoteChange, type PlanChange } from './change-plan';
import { lockOpenInvoice, lockOwn, reread } from './control';
import { anInvoice, couponFor, discountOn, lineOf } from './draw-invoice';
import { couponIn, openBooks } from './invoicing';
import { planAt } from './plans';
import { settledChange } from './settle-invoice';
import { chargeOpenInvoice, visibleOffer } from './subscribe';
import {
  PaymentUnderWay,
  PriceIsPaidOnce,
  SubscriptionNotChangeable,
  type SubscriptionNotFound,
} from './subscription.errors';
import {
  planColumns,
  type Plan,
  type ProductSubscription,
  type Subscription,
} from './subscription.type';
import { writeChanges } from './write-changes';
import { selectSubscriptions } from './rows';
import assert from 'node:assert/strict';

export type PlanChangeRefusal =
  | SubscriptionNotFound
  | ProductNotFound
  | ProductIsArchived
  | ProductHasChanged
  | PriceIsPaidOnce
  | SubscriptionNotChangeable
  | PaymentUnderWay;

export interface PlanChangeRequest {
  readonly subscriptionId: string;
  readonly priceId: string;
  readonly mode: PlanChangeMode;
}

interface Prepared {
  readonly before: Subscription;
  readonly plan: Plan;
  readonly newPrice: Money;
  readonly quote: PlanChange;
  readonly title: string;
  readonly coupon: ReturnType<typeof couponIn>;
}

/** What the change would cost now; nothing is changed by asking. */
export const previewPlanChange = async (
  ctx: Ctx,
  request: PlanChangeRequest,
): Promise<PlanChange | PlanChangeRefusal> => {
  requireUser(ctx);
  const offer = await visibleOffer(ctx, request.priceId);
  if (offer === null) return new ProductNotFound();
  const prepared = await preview(ctx, { ...request, ...offer });
  return prepared instanceof UserError ? prepared : prepared.quote;
};

/**
 * Changes what is subscribed to. What is charged now changes the plan if it is paid, and only then; what is credited
 * lowers the next invoice and is never paid out.
 */
export const changePlan = async (
  ctx: Ctx,
  request: PlanChangeRequest,
): Promise<ProductSubscription | PlanChangeRefusal> => {
  requireUser(ctx);
  const offer = await visibleOffer(ctx, request.priceId);
  if (offer === null) return new ProductNotFound();
  const changed = await begin(ctx, { ...request, ...offer });
  if (changed instanceof UserError) return changed;
  await chargeOpenInvoice(ctx, changed.id);
  const [now] = await selectSubscriptions(ctx.db, 'subscription.id = $1', [changed.id]);
  assert(now !== undefined, 'subscriptions are never deleted');
  return now;
};

type Asked = PlanChangeRequest & { readonly product: Product; readonly price: Price };

const prepare = async (tx: Tx, asked: Asked): Promise<Prepared | PlanChangeRefusal> => {
  const { product, price } = asked;
  const before = await lockOwn(tx, asked.subscriptionId);
  if (before instanceof UserError) return before;
  if (product.communityId !== before.communityId) return new ProductNotFound();
  const plan = planAt(price);
  if (plan === null) return new PriceIsPaidOnce();
  if (product.isArchived) return new ProductIsArchived();
  if (price.version !== product.version) return new ProductHasChanged(product.version);
  if (price.currency !== before.currency)
    return new SubscriptionNotChangeable('A subscription keeps its currency.');
  if (price.id === before.priceId && before.pendingPlan === null)
    return new SubscriptionNotChangeable('It has this plan.');
  if (before.status !== 'active' && before.status !== 'trialing')
    return new SubscriptionNotChangeable('Only what is active or on trial is changed.');
  if (await hasOther(tx, before, product))
    return new SubscriptionNotChangeable('You subscribe to that, too.');
  if ((await lockOpenInvoice(tx, before.id)) !== null) return new PaymentUnderWay();
  const books = await openBooks(tx, [before]);
  const coupon = couponIn(books, before);
  const inForce = couponFor(before, coupon, before.periodStart);
  const discount = discountOn(inForce, product.id, plan.amount);
  const newPrice = { ...plan.amount, amountMinor: plan.amount.amountMinor - discount.amountMinor };
  const quote = quoteChange(before, plan, { newPrice, mode: asked.mode, now: tx.now });
  return { before, plan, newPrice, quote, title: product.title, coupon };
};

const hasOther = async (
  tx: Tx,
  { id, accountId }: Subscription,
  product: Product,
): Promise<boolean> => {
  const others = await selectSubscriptions(
    tx.db,
    `subscription.account_id = $1 AND subscription.product_id = $2 AND subscription.status <> 'canceled'
       AND subscription.id <> $3`,
    [accountId, product.id, id],
  );
  return others.length > 0;
};

const preview = useCase(prepare);

const begin = useCase(
  async (tx, asked: Asked): Promise<ProductSubscription | PlanChangeRefusal> => {
    const prepared = await prepare(tx, asked);
    if (prepared instanceof UserError) return prepared;
    const { before, plan, quote } = prepared;
    // A trial costs nothing, whatever it is a trial of.
    if (before.status === 'trialing')
      return replan(tx, before, {
        ...before,
        ...planColumns(plan),
        pendingPlan: null,
      });
    if (quote.mode === PlanChangeMode.NEXT_PERIOD)
      return replan(tx, before, { ...before, pendingPlan: plan });
    return isZero(quote.dueNow) ? changeUnpaid(tx, prepared) : askFor(tx, prepared);
  },
);

const replan = async (
  tx: Tx,
  before: Subscription,
  after: Subscription,
): Promise<ProductSubscription> => {
  await writeChanges(tx, [{ before, after, notices: [] }]);
  return reread(tx, before);
};

/** Nothing is due now: the plan changes, and the difference is on the next invoice. */
const changeUnpaid = async (tx: Tx, prepared: Prepared): Promise<ProductSubscription> => {
  const { before, plan, quote, coupon, title } = prepared;
  const invoice = invoiceOf(tx, prepared);
  const paying = { plan, coupon, orderId: null, now: tx.now };
  const { after } = settledChange(before, invoice, paying);
  const newItem = isZero(quote.onNextInvoice)
    ? undefined
    : { description: `Change to ${title}`, amount: quote.onNextInvoice };
  await writeChanges(tx, [{ before, after, notices: [], newItem }]);
  return reread(tx, before);
};

/** The plan changes when this is paid, and not before. */
const askFor = async (tx: Tx, prepared: Prepared): Promise<ProductSubscription> => {
  const { before } = prepared;
  await writeChanges(tx, [
    { before, after: before, notices: [], newInvoice: invoiceOf(tx, prepared) },
  ]);
  return reread(tx, before);
};

const invoiceOf = (tx: Tx, { before, plan, quote, title }: Prepared) =>
  anInvoice(
    { ...before, ...planColumns(plan) },
    {
      kind: quote.beginsNewPeriod ? 'reset' : 'change',
      lines: [
        lineOf(title, quote.added),
        ...(isZero(quote.unused)
          ? []
          : [lineOf('Unused time', { ...quote.unused, amountMinor: -quote.unused.amountMinor })]),
      ],
      total: quote.dueNow,
      now: tx.now,
    },
  );
