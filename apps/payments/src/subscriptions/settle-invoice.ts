import assert from 'node:assert/strict';
import { periodStart } from './calendar';
import { paidInvoice, changed, voidInvoice } from './advance-due';
import { couponFor, discountOn } from './draw-invoice';
import type { Coupon } from '../coupons/coupon.entity';
import type { ChargeProblem } from '../providers/provider';
import type { Invoice } from './invoice.type';
import { declined, paid } from './lifecycle';
import { planColumns, type Plan, type Subscription } from './subscription.type';
import type { Change } from './write-changes';

/** What an invoice that was paid does to its subscription. `plan` is that of the invoice's price. */
export const settledChange = (
  before: Subscription,
  invoice: Invoice,
  paying: {
    readonly plan: Plan;
    readonly coupon: Coupon | null;
    readonly orderId: string | null;
    readonly now: Date;
  },
): Change => {
  const { plan, orderId, now } = paying;
  const after = afterPayment(before, invoice, paying);
  const isFirst = before.status === 'incomplete';
  const period = isFirst ? { periodStart: after.periodStart, periodEnd: after.periodEnd } : {};
  assert(plan.priceId === invoice.priceId, 'the plan is that of the invoice');
  return {
    before,
    after,
    notices: [],
    changedInvoice: changed(paidInvoice(invoice, now, orderId), period),
  };
};

const afterPayment = (
  before: Subscription,
  { kind }: Invoice,
  { plan, coupon, now }: { plan: Plan; coupon: Coupon | null; now: Date },
): Subscription => {
  // It ended while a provider was being asked: the money is booked, for somebody to give back.
  if (before.status === 'canceled') return before;
  const planned = { ...before, ...planColumns(plan) };
  const inForce = couponFor(before, coupon, kind === 'reset' ? now : before.periodStart);
  const periodPaidMinor =
    plan.amount.amountMinor - discountOn(inForce, plan.productId, plan.amount).amountMinor;
  switch (kind) {
    case 'period':
      return paid(before, now);
    case 'change':
      return { ...planned, pendingPlan: null, periodPaidMinor };
    case 'reset': {
      const begun = {
        ...planned,
        pendingPlan: null,
        periodPaidMinor,
        anchorAt: now,
        periodNumber: 1,
        periodStart: now,
        periodEnd: periodStart(now, plan.interval, 1),
      };
      return paid(begun, now);
    }
  }
};

/** What a declined invoice does: a period's is tried again by the rules of dunning, a change is not made. */
export const declinedChange = (
  before: Subscription,
  invoice: Invoice,
  {
    isHard,
    problem,
    now,
  }: { readonly isHard: boolean; readonly problem: ChargeProblem; readonly now: Date },
): Change => {
  // It ended while a provider was being asked: nothing is owed any more.
  const isEnded = before.status === 'canceled';
  if (isEnded || invoice.kind !== 'period')
    return {
      before,
      after: before,
      notices: isEnded ? [] : ['payment-failed'],
      changedInvoice: voidInvoice(changed(invoice, { declines: invoice.declines + 1, problem })),
    };
  const { state, notices, retryAt } = declined(before, now, { isHard });
  const isOver = state.status === 'canceled';
  const answered = changed(invoice, {
    declines: invoice.declines + 1,
    chargeId: null,
    chargingSince: null,
    chargeRef: null,
    chargeProvider: null,
    nextAttemptAt: retryAt,
    problem,
  });
  return {
    before,
    after: state,
    notices,
    changedInvoice: isOver ? voidInvoice(answered) : answered,
  };
};
