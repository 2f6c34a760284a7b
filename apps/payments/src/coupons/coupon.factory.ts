import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import type { TestWorld } from '@lyceum/testing';
import { aMember } from '../communities/membership.factory';
import { Coupon, CouponDuration, CouponKind } from './coupon.entity';
import { createCoupon, type CreateCouponInput } from './create-coupon';

type Owner = Awaited<ReturnType<typeof aMember>>;

/** For tests: a coupon of a tenth off, once, unless told otherwise; and the owner of its community. */
export const aCoupon = async (
  world: TestWorld,
  input: Partial<CreateCouponInput> & { owner?: Owner } = {},
): Promise<{ owner: Owner; coupon: Coupon }> => {
  const { owner = await aMember(world.db, { role: 'owner' }), ...rest } = input;
  const coupon = await createCoupon(world.as(owner), {
    communityId: owner.communityId,
    code: `c-${newId<'Coupon'>()}`,
    kind: CouponKind.PERCENT,
    ...(rest.kind === undefined ? { basisPoints: 1_000 } : {}),
    duration: CouponDuration.ONCE,
    productIds: [],
    ...rest,
  });
  assert(coupon instanceof Coupon, JSON.stringify(coupon));
  return { owner, coupon };
};
