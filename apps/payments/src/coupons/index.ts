import {
  CouponCodeTaken,
  CouponDoesNotApply,
  CouponNotFound,
  CouponNotInForce,
  CouponUsedBefore,
  CouponUsedUp,
  InvalidCoupon,
} from './coupon.errors';
import { CommunityCouponResolver, CouponResolver } from './coupon.resolver';

export const coupons = {
  resolvers: [CouponResolver, CommunityCouponResolver],
  types: [
    CouponNotFound,
    CouponNotInForce,
    CouponDoesNotApply,
    CouponUsedUp,
    CouponUsedBefore,
    CouponCodeTaken,
    InvalidCoupon,
  ],
};
