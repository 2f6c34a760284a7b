import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import {
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from '../catalogue/catalogue.errors';
import {
  CouponDoesNotApply,
  CouponNotFound,
  CouponNotInForce,
  CouponUsedBefore,
  CouponUsedUp,
} from '../coupons/coupon.errors';
import { MoneyType } from '../graph/money.type';
import { PaymentSession, PayWithInput } from '../income/start-order-payment';
import {
  OrderIsClosed,
  OrderNotFound,
  ProviderFailed,
  ProviderUnknown,
} from '../orders/order.errors';
import { PlanChangeMode } from './change-plan';
import {
  AlreadySubscribed,
  NothingToPay,
  PaymentUnderWay,
  PriceIsPaidOnce,
  SubscriptionNotChangeable,
  SubscriptionNotFound,
  SubscriptionTrialUsed,
} from './subscription.errors';
import { ProductSubscription } from './subscription.type';

@InputType()
export class SubscriptionInput {
  @Field(() => ID) subscriptionId!: string;
}

@InputType()
export class PayInvoiceInput extends PayWithInput {
  @Field(() => ID) subscriptionId!: string;
}

@InputType()
export class CancelSubscriptionInput {
  @Field(() => ID) subscriptionId!: string;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Ends the access, too, at once. By default what is paid for stays.',
  })
  isAtOnce!: boolean;
}

@InputType()
export class PauseSubscriptionInput {
  @Field(() => ID) subscriptionId!: string;
  @Field(() => Date, { nullable: true, description: 'Null is until it is resumed.' })
  resumesAt?: Date | null;
}

@InputType()
export class ChangePlanInput {
  @Field(() => ID) subscriptionId!: string;
  @Field(() => ID, { description: 'A recurring price of the same community and currency.' })
  priceId!: string;
  @Field(() => PlanChangeMode) mode!: PlanChangeMode;
}

@ObjectType({ description: 'What a change of plan would do at this moment.' })
export class PlanChangePreview {
  @Field(() => PlanChangeMode, { description: 'Another interval is always charged now.' })
  mode!: PlanChangeMode;
  @Field(() => MoneyType, { description: 'What is left of what was paid for the period.' })
  unused!: MoneyType;
  @Field(() => MoneyType, {
    description: 'What the new plan costs for that time, or a new period.',
  })
  added!: MoneyType;
  @Field(() => MoneyType) dueNow!: MoneyType;
  @Field(() => MoneyType, { description: 'Negative is credited; it is never paid out.' })
  onNextInvoice!: MoneyType;
  @Field(() => Boolean) beginsNewPeriod!: boolean;
}

export const SubscribeResult = createUnionType({
  name: 'SubscribeResult',
  types: () =>
    [
      ProductSubscription,
      ProductNotFound,
      ProductIsArchived,
      ProductHasChanged,
      PriceIsPaidOnce,
      AlreadySubscribed,
      SubscriptionTrialUsed,
      CouponNotFound,
      CouponNotInForce,
      CouponDoesNotApply,
      CouponUsedUp,
      CouponUsedBefore,
    ] as const,
});

export const PayInvoiceResult = createUnionType({
  name: 'PaySubscriptionResult',
  types: () =>
    [
      PaymentSession,
      SubscriptionNotFound,
      NothingToPay,
      PaymentUnderWay,
      ProviderUnknown,
      ProviderFailed,
      OrderIsClosed,
      OrderNotFound,
    ] as const,
});

export const CancelSubscriptionResult = createUnionType({
  name: 'CancelSubscriptionResult',
  types: () => [ProductSubscription, SubscriptionNotFound] as const,
});

export const ControlSubscriptionResult = createUnionType({
  name: 'ControlSubscriptionResult',
  types: () => [ProductSubscription, SubscriptionNotFound, SubscriptionNotChangeable] as const,
});

const planRefusals = [
  SubscriptionNotFound,
  ProductNotFound,
  ProductIsArchived,
  ProductHasChanged,
  PriceIsPaidOnce,
  SubscriptionNotChangeable,
  PaymentUnderWay,
] as const;

export const ChangePlanResult = createUnionType({
  name: 'ChangeSubscriptionPlanResult',
  types: () => [ProductSubscription, ...planRefusals] as const,
});

export const PlanChangePreviewResult = createUnionType({
  name: 'PlanChangePreviewResult',
  types: () => [PlanChangePreview, ...planRefusals] as const,
});
