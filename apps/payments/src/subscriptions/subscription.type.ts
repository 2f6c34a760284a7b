import type { AccountId, CommunityId, Id, MemberId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CampaignId } from '../campaigns/campaign.entity';
import type { PriceId } from '../catalogue/price.entity';
import { BillingInterval } from '../catalogue/product-kind';
import type { ProductId } from '../catalogue/product.entity';
import type { CouponId } from '../coupons/coupon.entity';
import type { Interval, Lifecycle, Status } from './lifecycle';

export type SubscriptionId = Id<'Subscription'>;
export type InvoiceId = Id<'Invoice'>;

export enum SubscriptionStatus {
  INCOMPLETE = 'incomplete',
  TRIALING = 'trialing',
  ACTIVE = 'active',
  PAST_DUE = 'past_due',
  PAUSED = 'paused',
  CANCELED = 'canceled',
}
registerEnumType(SubscriptionStatus, {
  name: 'SubscriptionStatus',
  valuesConfig: {
    INCOMPLETE: { description: 'It waits for its first payment, and gives nothing yet.' },
    TRIALING: { description: 'It costs nothing yet.' },
    ACTIVE: { description: 'Paid, or being charged at this moment.' },
    PAST_DUE: { description: 'A payment failed and is tried again.' },
    PAUSED: { description: 'It gives nothing and costs nothing until it goes on.' },
    CANCELED: { description: 'Over for good.' },
  },
});

/** What is subscribed to, for how much: a price of a version of a product, which never changes. */
export interface Plan {
  readonly priceId: PriceId;
  readonly productId: ProductId;
  readonly productVersion: number;
  readonly interval: Interval;
  readonly amount: Money;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('ProductSubscription', {
  description: 'A product that somebody pays for again and again.',
})
export class ProductSubscription implements Lifecycle {
  @Field(() => ID) readonly id!: SubscriptionId;
  readonly communityId!: CommunityId;
  readonly accountId!: AccountId;
  readonly memberId!: MemberId | null;
  @Field(() => SubscriptionStatus) readonly status!: Status;
  readonly productId!: ProductId;
  readonly productVersion!: number;
  readonly priceId!: PriceId;
  @Field(() => BillingInterval) readonly interval!: Interval;
  readonly amountMinor!: bigint;
  readonly currency!: Currency;
  /** What it changes to when its next period begins. */
  readonly pendingPlan!: Plan | null;
  readonly anchorAt!: Date;
  readonly periodNumber!: number;
  @Field(() => Date) readonly periodStart!: Date;

  @Field(() => Date, {
    description: 'The end of the period, of the trial, or of the wait to be paid.',
  })
  readonly periodEnd!: Date;

  /** What was asked for the period that is paid, after discounts: more than that is never credited. */
  readonly periodPaidMinor!: bigint;

  @Field(() => Date, { nullable: true, description: 'Until when it is paid for, or on trial.' })
  readonly paidThrough!: Date | null;

  @Field(() => Date, { nullable: true }) readonly trialEndsAt!: Date | null;

  @Field(() => Int, { description: 'Days for which its benefits stay while a payment is late.' })
  readonly graceDays!: number;

  @Field(() => Boolean) readonly cancelAtPeriodEnd!: boolean;
  @Field(() => Boolean) readonly pauseAtPeriodEnd!: boolean;
  @Field(() => Date, { nullable: true }) readonly resumesAt!: Date | null;
  @Field(() => Date, { nullable: true }) readonly pastDueSince!: Date | null;
  readonly declines!: number;
  readonly reminderAt!: Date | null;
  readonly nextActionAt!: Date | null;
  @Field(() => Date, { nullable: true }) readonly endedAt!: Date | null;
  readonly couponId!: CouponId | null;
  readonly couponEndsAt!: Date | null;
  /** What it came by; all its orders have come by that. */
  readonly campaignId!: CampaignId | null;
  @Field(() => Date) readonly createdAt!: Date;
  readonly version!: number;
}

/** The same as plain data, which is copied as it changes. */
export type Subscription = Pick<ProductSubscription, keyof ProductSubscription>;

export const priceOf = ({
  amountMinor,
  currency,
}: Pick<Subscription, 'amountMinor' | 'currency'>): Money => money(amountMinor, currency);

export const planOf = (subscription: Subscription): Plan => ({
  priceId: subscription.priceId,
  productId: subscription.productId,
  productVersion: subscription.productVersion,
  interval: subscription.interval,
  amount: priceOf(subscription),
});

/** The columns that a plan is. */
export const planColumns = ({ amount, ...plan }: Plan) => ({
  ...plan,
  amountMinor: amount.amountMinor,
  currency: amount.currency,
});
