import { UserError } from '@lyceum/platform';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class AlreadyOwned extends UserError {
  readonly code = 'ALREADY_OWNED' as const;
  readonly message = 'You have it already.';
}

@ObjectType({ implements: UserError })
export class SoldOut extends UserError {
  readonly code = 'SOLD_OUT' as const;
  readonly message = 'There is none left.';
}

@ObjectType({ implements: UserError })
export class PriceIsRecurring extends UserError {
  readonly code = 'PRICE_IS_RECURRING' as const;
  readonly message = 'This price is paid again and again: subscribe instead.';
}

@ObjectType({ implements: UserError })
export class ProviderUnknown extends UserError {
  readonly code = 'PROVIDER_UNKNOWN' as const;
  readonly message = 'Payments of this kind are not taken here, or not in this currency.';
}

@ObjectType({
  implements: UserError,
  description: 'The same request with the same key may be tried again.',
})
export class ProviderFailed extends UserError {
  readonly code = 'PROVIDER_FAILED' as const;
  readonly message = 'The payment provider does not answer; try again in a moment.';
  @Field(() => ID, { description: 'The order, which waits to be paid.' }) readonly orderId: string;
  constructor(orderId: string) {
    super();
    this.orderId = orderId;
  }
}

@ObjectType({ implements: UserError })
export class OrderNotFound extends UserError {
  readonly code = 'ORDER_NOT_FOUND' as const;
  readonly message = 'There is no such order.';
}

@ObjectType({ implements: UserError })
export class OrderIsClosed extends UserError {
  readonly code = 'ORDER_IS_CLOSED' as const;
  readonly message = 'This order does not wait to be paid.';
}

@ObjectType({ implements: UserError })
export class KeyReused extends UserError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED' as const;
  readonly message = 'You have used this idempotency key for another request.';
}

@ObjectType({ implements: UserError })
export class InvalidCheckout extends UserError {
  readonly code = 'INVALID_CHECKOUT' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

@ObjectType({ implements: UserError })
export class NotForSaleLikeThis extends UserError {
  readonly code = 'NOT_FOR_SALE_LIKE_THIS' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}
