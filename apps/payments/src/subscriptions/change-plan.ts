import { add, isNegative, money, prorate, subtract, type Money } from '@lyceum/money';
import { registerEnumType } from 'type-graphql';
import { secondMs } from './calendar';
import type { Plan, Subscription } from './subscription.type';

export enum PlanChangeMode {
  CHARGE_NOW = 'charge-now',
  NEXT_INVOICE = 'next-invoice',
  NEXT_PERIOD = 'next-period',
  RESET = 'reset',
}
registerEnumType(PlanChangeMode, {
  name: 'PlanChangeMode',
  description: 'When another plan comes into force, and when it is paid for.',
  valuesConfig: {
    CHARGE_NOW: {
      description:
        'The rest of the period is charged now, and the plan changes if that is paid. Another interval always begins a new period now.',
    },
    NEXT_INVOICE: {
      description: 'The plan changes now; the rest of the period is on the next invoice.',
    },
    NEXT_PERIOD: {
      description: 'The plan changes with the next period; a newer change replaces it.',
    },
    RESET: { description: 'A new period begins now at the full price, if that is paid.' },
  },
});

/** What changing to another plan costs, and what it does. */
export interface PlanChange {
  readonly mode: PlanChangeMode;
  /** What the rest of the present period was worth, of what was paid for it. */
  readonly unused: Money;
  /** What the plan costs for the rest of the period, or for a whole new one. */
  readonly added: Money;
  /** To be paid now; never negative. */
  readonly dueNow: Money;
  /** On the next invoice: positive is charged, negative credited. Never paid out. */
  readonly onNextInvoice: Money;
  readonly beginsNewPeriod: boolean;
}

/**
 * Proration to the second, as Polar documents it: price × seconds left ÷ seconds in the period, each of the two
 * rounded as lines of an invoice are. $5 to $20 after one of 30 days is 19.33 − 4.83 = +14.50, and −14.50 back.
 * What is credited is at most what was paid for the period, and never money: it lowers the next invoice. `newPrice`
 * is the plan's, less the coupon.
 */
export const quoteChange = (
  subscription: Pick<
    Subscription,
    'periodStart' | 'periodEnd' | 'periodPaidMinor' | 'interval' | 'currency'
  >,
  plan: Pick<Plan, 'interval'>,
  { newPrice, mode: asked, now }: { newPrice: Money; mode: PlanChangeMode; now: Date },
): PlanChange => {
  const isOtherInterval = plan.interval !== subscription.interval;
  const mode =
    isOtherInterval && asked !== PlanChangeMode.RESET ? PlanChangeMode.CHARGE_NOW : asked;
  const remainder = remainderAt(subscription, now);
  const nothing = money(0n, subscription.currency);
  const rest = prorate(money(subscription.periodPaidMinor, subscription.currency), remainder);
  const base = { mode, unused: rest, onNextInvoice: nothing, dueNow: nothing };
  switch (mode) {
    case PlanChangeMode.CHARGE_NOW: {
      const added = isOtherInterval ? newPrice : prorate(newPrice, remainder);
      const difference = subtract(added, rest);
      return isNegative(difference)
        ? { ...base, added, onNextInvoice: difference, beginsNewPeriod: isOtherInterval }
        : { ...base, added, dueNow: difference, beginsNewPeriod: isOtherInterval };
    }
    case PlanChangeMode.NEXT_INVOICE: {
      const added = prorate(newPrice, remainder);
      return { ...base, added, onNextInvoice: subtract(added, rest), beginsNewPeriod: false };
    }
    case PlanChangeMode.NEXT_PERIOD:
      return { ...base, unused: nothing, added: nothing, beginsNewPeriod: false };
    case PlanChangeMode.RESET:
      return { ...base, unused: nothing, added: newPrice, dueNow: newPrice, beginsNewPeriod: true };
  }
};

const remainderAt = (
  { periodStart, periodEnd }: Pick<Subscription, 'periodStart' | 'periodEnd'>,
  now: Date,
) => {
  const secondsInPeriod = seconds(periodEnd.getTime() - periodStart.getTime());
  const left = seconds(periodEnd.getTime() - now.getTime());
  return {
    secondsInPeriod,
    secondsLeft: left < 0n ? 0n : left > secondsInPeriod ? secondsInPeriod : left,
  };
};

const seconds = (ms: number): bigint => BigInt(Math.floor(ms / secondMs));

export const netOf = ({ dueNow, onNextInvoice }: PlanChange): Money => add(dueNow, onNextInvoice);
