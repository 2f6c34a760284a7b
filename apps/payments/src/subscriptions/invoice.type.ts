import { money, type Currency, type Money } from '@lyceum/money';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { PriceId } from '../catalogue/price.entity';
import type { ProductId } from '../catalogue/product.entity';
import { MoneyType, toMoneyType } from '../graph/money.type';
import type { ChargeProblem as Problem } from '../providers/provider';
import type { InvoiceId, SubscriptionId } from './subscription.type';

export enum InvoiceStatus {
  OPEN = 'open',
  PAID = 'paid',
  VOID = 'void',
}
registerEnumType(InvoiceStatus, {
  name: 'InvoiceStatus',
  valuesConfig: {
    OPEN: { description: 'Asked for.' },
    PAID: { description: 'Paid, or nothing was to pay.' },
    VOID: { description: 'Not asked for any more.' },
  },
});

export enum ChargeProblem {
  DECLINED = 'declined',
  NEEDS_CONFIRMATION = 'needs-confirmation',
  METHOD_EXPIRED = 'method-expired',
  NO_METHOD = 'no-method',
}
registerEnumType(ChargeProblem, {
  name: 'ChargeProblem',
  description: 'What its subscriber can do about a charge that failed.',
  valuesConfig: {
    DECLINED: { description: 'It is tried again; another payment method may do better.' },
    NEEDS_CONFIRMATION: {
      description: 'The bank wants its owner to confirm: pay it with `paySubscription`.',
    },
    METHOD_EXPIRED: { description: 'The payment method has expired: add another one.' },
    NO_METHOD: { description: 'There is nothing to charge: add a payment method.' },
  },
});

/** Why an invoice is as high as it is. They add up to its total, or to less than nothing, which is credited. */
export interface InvoiceLine {
  readonly description: string;
  readonly amountMinor: string;
}

@ObjectType('SubscriptionInvoiceLine')
export class InvoiceLineType {
  @Field(() => String) description!: string;
  @Field(() => MoneyType, { description: 'Negative takes something off.' }) amount!: MoneyType;
}

@ObjectType('SubscriptionInvoice', { description: 'What a subscription asked for, once.' })
export class Invoice {
  @Field(() => ID) readonly id!: InvoiceId;
  readonly subscriptionId!: SubscriptionId;
  /** What being paid does: goes on with the period, or changes the plan in it, or begins a new period with a new plan. */
  readonly kind!: 'period' | 'change' | 'reset';
  @Field(() => InvoiceStatus) readonly status!: 'open' | 'paid' | 'void';
  readonly productId!: ProductId;
  readonly priceId!: PriceId;
  @Field(() => Date) readonly periodStart!: Date;
  @Field(() => Date) readonly periodEnd!: Date;
  readonly lines!: readonly InvoiceLine[];
  readonly totalMinor!: bigint;
  readonly currency!: Currency;
  @Field(() => Int, { description: 'How often a provider declined.' }) readonly declines!: number;

  @Field(() => Date, { nullable: true, description: 'When it is charged (again) by itself.' })
  readonly nextAttemptAt!: Date | null;

  /** The id under which the provider was, or is being, asked. */
  readonly chargeId!: string | null;
  /** Set while a provider has been asked and its answer is not recorded. */
  readonly chargingSince!: Date | null;
  /** What the provider calls a charge that it has not decided. */
  readonly chargeRef!: string | null;
  /** Whom it was asked of, until it is decided. */
  readonly chargeProvider!: string | null;

  @Field(() => ChargeProblem, {
    nullable: true,
    description: 'Why the last attempt failed; null when none did, or it is paid.',
  })
  readonly problem!: Problem | null;

  @Field(() => ID, { nullable: true, description: 'The order by which it was paid.' })
  readonly orderId!: string | null;
  @Field(() => Date) readonly createdAt!: Date;
  @Field(() => Date, { nullable: true }) readonly paidAt!: Date | null;

  @Field(() => MoneyType, { name: 'total' })
  get totalField(): MoneyType {
    return toMoneyType(this.total);
  }

  @Field(() => [InvoiceLineType], { name: 'lines' })
  get lineFields(): InvoiceLineType[] {
    return this.lines.map(({ description, amountMinor }) => ({
      description,
      amount: toMoneyType(money(BigInt(amountMinor), this.currency)),
    }));
  }

  get total(): Money {
    return money(this.totalMinor, this.currency);
  }
}
