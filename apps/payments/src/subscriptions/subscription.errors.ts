import { UserError } from '@lyceum/platform';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class SubscriptionNotFound extends UserError {
  readonly code = 'SUBSCRIPTION_NOT_FOUND' as const;
  readonly message = 'You have no such subscription.';
}

@ObjectType({ implements: UserError })
export class PriceIsPaidOnce extends UserError {
  readonly code = 'PRICE_IS_PAID_ONCE' as const;
  readonly message = 'This price is paid once: buy it instead.';
}

@ObjectType({ implements: UserError })
export class AlreadySubscribed extends UserError {
  readonly code = 'ALREADY_SUBSCRIBED' as const;
  readonly message = 'You have a subscription to it.';
  @Field(() => ID) readonly subscriptionId: string;
  constructor(subscriptionId: string) {
    super();
    this.subscriptionId = subscriptionId;
  }
}

@ObjectType({ implements: UserError, description: 'It can be subscribed to without a trial.' })
export class SubscriptionTrialUsed extends UserError {
  readonly code = 'SUBSCRIPTION_TRIAL_USED' as const;
  readonly message = 'You, or somebody with your card, have had a trial here.';
}

@ObjectType({ implements: UserError })
export class SubscriptionNotChangeable extends UserError {
  readonly code = 'SUBSCRIPTION_NOT_CHANGEABLE' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

@ObjectType({ implements: UserError })
export class PaymentUnderWay extends UserError {
  readonly code = 'PAYMENT_UNDER_WAY' as const;
  readonly message = 'A payment is being made; try again when it is decided.';
}

@ObjectType({ implements: UserError })
export class NothingToPay extends UserError {
  readonly code = 'NOTHING_TO_PAY' as const;
  readonly message = 'Nothing is asked for.';
}

@ObjectType({ implements: UserError })
export class InvalidSubscriptionTerms extends UserError {
  readonly code = 'INVALID_SUBSCRIPTION_TERMS' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}
