import { isNegative, isZero, type Money } from '@lyceum/money';
import { UserError } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';
import { MoneyType, toMoneyType } from '../graph/money.type';
import type { Order } from '../orders/order.type';
import type { Capabilities } from '../providers/provider';

@ObjectType({ implements: UserError })
export class NotRefundable extends UserError {
  readonly code = 'NOT_REFUNDABLE' as const;
  readonly message: string;
  @Field(() => MoneyType, { description: 'What can still go back.' })
  readonly refundable: MoneyType;
  constructor(message: string, refundable: Money) {
    super();
    this.message = message;
    this.refundable = toMoneyType(refundable);
  }
}

const dayMs = 86_400_000;

export interface RefundFacts {
  readonly order: Order;
  readonly amount: Money;
  readonly capabilities: Capabilities;
  /** Refunds of the payment that did not fail, and when the last was asked for. */
  readonly earlier: { readonly count: number; readonly lastAt: Date | null };
  readonly isDisputed: boolean;
  /** Paid into a pool for prizes, which may have been won. */
  readonly isForPrizes: boolean;
  readonly isManager: boolean;
  readonly now: Date;
}

/**
 * Why this refund cannot be, or null: the rules of the order, of who asks, and of what the provider can do. A buyer may
 * have everything back in the time the order's terms give; who manages the catalogue may give back any part, as long
 * as the provider can.
 */
export const whyNotRefundable = (facts: RefundFacts): string | null => {
  const { order, amount, capabilities, earlier, now } = facts;
  if (order.status !== 'paid' || order.paidAt === null) return 'Only what was paid can go back.';
  if (facts.isDisputed) return 'The payment is disputed: the bank decides.';
  if (facts.isForPrizes) return 'What was paid in for prizes returns when their pool is closed.';
  if (amount.currency !== order.currency) return 'An order goes back in its own currency.';
  if (isZero(amount) || isNegative(amount)) return 'A refund is more than nothing.';
  if (amount.amountMinor > order.refundable.amountMinor) return 'This is more than can go back.';
  const isPartial = amount.amountMinor < order.totalMinor;
  if (isPartial && !capabilities.partialRefunds) return 'The provider refunds all or nothing.';
  if (earlier.count >= capabilities.maxRefunds) return 'The provider refunds no more often.';
  const ageMs = now.getTime() - order.paidAt.getTime();
  if (ageMs > capabilities.refundWindowDays * dayMs)
    return 'The provider refunds nothing this old.';
  const sinceLastMs = earlier.lastAt === null ? Infinity : now.getTime() - earlier.lastAt.getTime();
  if (sinceLastMs < capabilities.refundIntervalMs)
    return 'The provider wants a pause between two refunds.';
  if (facts.isManager) return null;
  if (isPartial) return 'You can have all of it back, or nothing.';
  if (ageMs > order.refundWindowDays * dayMs) return 'The time to have it back is over.';
  return null;
};

/** Whether a refund of that much ends the access: one that leaves nothing does, if the order's terms say so. */
export const endsAccess = (order: Order, amount: Money, asked: boolean | null): boolean =>
  asked ?? (order.refundEndsAccess && amount.amountMinor === order.refundable.amountMinor);
