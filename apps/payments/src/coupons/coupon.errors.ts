import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class CouponNotFound extends UserError {
  readonly code = 'COUPON_NOT_FOUND' as const;
  readonly message = 'There is no such coupon here.';
}

@ObjectType({ implements: UserError })
export class CouponNotInForce extends UserError {
  readonly code = 'COUPON_NOT_IN_FORCE' as const;
  readonly message = 'This coupon is not valid yet, or not any more.';
}

@ObjectType({ implements: UserError })
export class CouponDoesNotApply extends UserError {
  readonly code = 'COUPON_DOES_NOT_APPLY' as const;
  readonly message = 'This coupon is for other products, another currency or another interval.';
}

@ObjectType({ implements: UserError })
export class CouponUsedUp extends UserError {
  readonly code = 'COUPON_USED_UP' as const;
  readonly message = 'This coupon has been used as often as it can be.';
}

@ObjectType({ implements: UserError })
export class CouponUsedBefore extends UserError {
  readonly code = 'COUPON_USED_BEFORE' as const;
  readonly message = 'You have used this coupon as often as one can.';
}

@ObjectType({ implements: UserError })
export class CouponCodeTaken extends UserError {
  readonly code = 'COUPON_CODE_TAKEN' as const;
  readonly message = 'The community has a coupon of this code; codes differ by more than case.';
}

@ObjectType({ implements: UserError })
export class InvalidCoupon extends UserError {
  readonly code = 'INVALID_COUPON' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

/** Why a coupon cannot be used. */
export type CouponRefusal =
  CouponNotFound | CouponNotInForce | CouponDoesNotApply | CouponUsedUp | CouponUsedBefore;
