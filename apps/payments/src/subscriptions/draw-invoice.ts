import { newId } from '@lyceum/contracts';
import {
  isZero,
  money,
  negate,
  subtract,
  sum,
  zero,
  type Currency,
  type Money,
} from '@lyceum/money';
import type { Coupon } from '../coupons/coupon.entity';
import { discountOf } from '../coupons/discount-of';
import { Invoice, type InvoiceLine } from './invoice.type';
import { priceOf, type Subscription } from './subscription.type';

/** Something to be charged (or, negative, credited) with the next invoice. */
export interface Item {
  readonly id: string;
  readonly description: string;
  readonly amount: Money;
}

export interface Draft {
  readonly invoice: Invoice;
  /** What the period itself costs: its price less the coupon, without other items. */
  readonly periodAmount: Money;
  /** What is credited beyond the total: it is taken off the next invoice. Never positive. */
  readonly carried: Money;
}

/** The coupon in force for a period that begins then; null when there is none (any more). */
export const couponFor = (
  subscription: Pick<Subscription, 'couponId' | 'couponEndsAt'>,
  coupon: Coupon | null,
  start: Date,
): Coupon | null => {
  const { couponId, couponEndsAt } = subscription;
  if (coupon === null || couponId !== coupon.id) return null;
  return couponEndsAt === null || start < couponEndsAt ? coupon : null;
};

/** What a coupon takes off a price; zero when it does not apply to it. */
export const discountOn = (coupon: Coupon | null, productId: string, price: Money): Money => {
  const discounts = coupon === null ? null : discountOf(coupon, [{ productId, amount: price }]);
  return discounts?.[0] ?? zero(price.currency);
};

/**
 * The invoice of the period that begins: its price, less the coupon, and what waited for it. It never asks for less
 * than nothing; what is left of credits waits on.
 */
export const drawInvoice = (
  subscription: Subscription,
  { title, coupon, items }: { title: string; coupon: Coupon | null; items: readonly Item[] },
  now: Date,
): Draft => {
  const price = priceOf(subscription);
  const inForce = couponFor(subscription, coupon, subscription.periodStart);
  const discount = discountOn(inForce, subscription.productId, price);
  const lines: InvoiceLine[] = [lineOf(title, price)];
  if (inForce !== null && !isZero(discount))
    lines.push(lineOf(`Coupon ${inForce.code}`, negate(discount)));
  for (const { description, amount } of items) lines.push(lineOf(description, amount));
  const { currency } = price;
  const periodAmount = subtract(price, discount);
  const due = sum([periodAmount, ...items.map(({ amount }) => amount)], currency);
  const isCredit = due.amountMinor < 0n;
  return {
    invoice: anInvoice(subscription, {
      kind: 'period',
      lines,
      total: isCredit ? zero(currency) : due,
      now,
    }),
    periodAmount,
    carried: isCredit ? due : zero(currency),
  };
};

export const lineOf = (description: string, { amountMinor }: Money): InvoiceLine => ({
  description,
  amountMinor: amountMinor.toString(),
});

/** An open invoice about the subscription as it is, due at once. */
export const anInvoice = (
  subscription: Subscription,
  parts: {
    readonly kind: Invoice['kind'];
    readonly lines: readonly InvoiceLine[];
    readonly total: Money;
    readonly now: Date;
  },
): Invoice =>
  Object.assign(new Invoice(), {
    id: newId<'Invoice'>(),
    subscriptionId: subscription.id,
    kind: parts.kind,
    status: 'open' as const,
    productId: subscription.productId,
    priceId: subscription.priceId,
    periodStart: subscription.periodStart,
    periodEnd: subscription.periodEnd,
    lines: parts.lines,
    totalMinor: parts.total.amountMinor,
    currency: parts.total.currency,
    declines: 0,
    nextAttemptAt: parts.now,
    chargeId: null,
    chargingSince: null,
    chargeRef: null,
    chargeProvider: null,
    problem: null,
    orderId: null,
    createdAt: parts.now,
    paidAt: null,
  });

export const itemOf = (row: {
  id: string;
  description: string;
  amountMinor: string;
  currency: Currency;
}): Item => ({
  id: row.id,
  description: row.description,
  amount: money(BigInt(row.amountMinor), row.currency),
});
