import type { CommunityId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import {
  type BatchQuery,
  type Connection,
  groupBy,
  idIn,
  type PageArgs,
  parsePage,
  toConnection,
} from '@lyceum/platform';
import { LessThan, type EntityManager } from 'typeorm';
import { Coupon, type CouponId } from './coupon.entity';

/** Newest first. */
export const couponsOfCommunity = async (
  db: EntityManager,
  communityId: CommunityId,
  page: PageArgs,
): Promise<Connection<Coupon>> => {
  const list = `coupons:${communityId}`;
  const { first, after } = parsePage(list, page);
  const before = idIn(after);
  const rows = await db.find(Coupon, {
    where: { communityId, ...(before === null ? {} : { id: LessThan(before as CouponId) }) },
    order: { id: 'DESC' },
    take: first + 1,
    comment: 'coupons.of-community',
  });
  return toConnection(rows, { list, first, positionOf: ({ id }) => [id] });
};

/** What a coupon was used for, by currency. */
export interface CouponUses {
  readonly couponId: CouponId;
  readonly uses: number;
  readonly discount: Money;
}

export const usesByCoupon: BatchQuery<CouponId, readonly CouponUses[]> = async (ctx, ids) => {
  const rows = await ctx.db.query<
    { couponId: CouponId; currency: Currency; uses: number; discount: string }[]
  >(
    `SELECT coupon_id AS "couponId", currency, count(*)::int AS uses, sum(discount_minor)::text AS discount
     FROM coupon_use WHERE coupon_id = ANY($1) AND released_at IS NULL
     GROUP BY coupon_id, currency ORDER BY currency`,
    [ids],
  );
  const uses = rows.map(({ couponId, currency, uses: count, discount }) => ({
    couponId,
    uses: count,
    discount: money(BigInt(discount), currency),
  }));
  return groupBy(uses, ({ couponId }) => couponId);
};
