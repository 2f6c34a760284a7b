import type { CommunityId } from '@lyceum/contracts';
import { sum, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import {
  CouponDoesNotApply,
  CouponNotFound,
  CouponNotInForce,
  CouponUsedBefore,
  CouponUsedUp,
  type CouponRefusal,
} from './coupon.errors';
import { codeKeyOf, Coupon, CouponDuration, CouponKind, type CouponId } from './coupon.entity';
import { discountOf, type CouponLine } from './discount-of';

export interface CouponRequest {
  readonly code: string;
  readonly communityId: CommunityId;
  /**
   * By what a customer is known: `account <id>`, and where they are known `card <fingerprint>` and the like.
   * Who shares any of them is the same customer.
   */
  readonly customerKeys: readonly string[];
  /** The order or subscription that uses it; one use each. */
  readonly orderId: string;
  /** In one currency. */
  readonly lines: readonly CouponLine[];
  /** Null for what is paid once. */
  readonly interval: 'month' | 'year' | null;
}

export interface ReservedCoupon {
  readonly coupon: Coupon;
  /** What it takes off each line, in their order. */
  readonly discounts: readonly Money[];
}

/**
 * Uses a coupon for an order that is being placed, in its transaction. A coupon with a limit is locked, so that
 * simultaneous buyers take turns and a limit of ten is ten. What takes nothing off uses nothing up.
 */
export const reserveCoupon = async (
  tx: Tx,
  request: CouponRequest,
): Promise<ReservedCoupon | CouponRefusal> => {
  const quote = await quoteCoupon(tx.db, request, tx.now);
  if (!('coupon' in quote)) return quote;
  const { coupon, discounts } = quote;
  if (!isWorthSomething(quote)) return quote;
  if (coupon.maxUses !== null || coupon.maxUsesPerCustomer !== null) {
    await tx.db.query('SELECT FROM coupon WHERE id = $1 FOR NO KEY UPDATE', [coupon.id]);
    const refusal = await whyUsedUp(tx.db, coupon, request.customerKeys);
    if (refusal !== null) return refusal;
  }
  const currency = request.lines[0]?.amount.currency ?? coupon.currency;
  const discountMinor = currency === null ? 0n : sum(discounts, currency).amountMinor;
  await tx.db.query(
    `INSERT INTO coupon_use (order_id, coupon_id, customer_keys, discount_minor, currency, reserved_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [request.orderId, coupon.id, request.customerKeys, discountMinor.toString(), currency, tx.now],
  );
  return quote;
};

/** What using the coupon would do now, without using it; limits are looked at, not held. */
export const quoteCoupon = async (
  db: EntityManager,
  request: CouponRequest,
  at: Date,
): Promise<ReservedCoupon | CouponRefusal> => {
  const { communityId, lines, interval } = request;
  const coupon = await db.findOneBy(Coupon, { communityId, codeKey: codeKeyOf(request.code) });
  if (coupon === null) return new CouponNotFound();
  if (!isInForce(coupon, at)) return new CouponNotInForce();
  if (!suitsInterval(coupon, interval)) return new CouponDoesNotApply();
  const discounts = discountOf(coupon, lines);
  if (discounts === null) return new CouponDoesNotApply();
  return (await whyUsedUp(db, coupon, request.customerKeys)) ?? { coupon, discounts };
};

const isWorthSomething = ({ coupon, discounts }: ReservedCoupon): boolean =>
  coupon.kind === CouponKind.TRIAL || discounts.some(({ amountMinor }) => amountMinor > 0n);

const isInForce = ({ startsAt, endsAt, disabledAt }: Coupon, at: Date): boolean =>
  disabledAt === null && (startsAt === null || startsAt <= at) && (endsAt === null || at < endsAt);

/** A trial needs something that goes on after it; so many months of discount need payments by the month. */
const suitsInterval = (coupon: Coupon, interval: CouponRequest['interval']): boolean => {
  if (coupon.kind === CouponKind.TRIAL) return interval !== null;
  return !(coupon.duration === CouponDuration.MONTHS && interval === 'year');
};

const whyUsedUp = async (
  db: EntityManager,
  { id, maxUses, maxUsesPerCustomer }: Coupon,
  customerKeys: readonly string[],
): Promise<CouponUsedUp | CouponUsedBefore | null> => {
  if (maxUses !== null && (await countUses(db, id, null)) >= maxUses) return new CouponUsedUp();
  if (maxUsesPerCustomer === null) return null;
  const own = await countUses(db, id, customerKeys);
  return own >= maxUsesPerCustomer ? new CouponUsedBefore() : null;
};

const countUses = async (
  db: EntityManager,
  couponId: CouponId,
  customerKeys: readonly string[] | null,
): Promise<number> => {
  const [row] = await db.query<{ uses: number }[]>(
    `SELECT count(*)::int AS uses FROM coupon_use
     WHERE coupon_id = $1 AND released_at IS NULL AND ($2::text[] IS NULL OR customer_keys && $2)`,
    [couponId, customerKeys],
  );
  return row?.uses ?? 0;
};

/** Gives the use back: the order was canceled, or refunded in full. A part of a refund gives nothing back. */
export const releaseCoupon = async (tx: Tx, orderId: string): Promise<void> => {
  await tx.db.query(
    'UPDATE coupon_use SET released_at = $2 WHERE order_id = $1 AND released_at IS NULL',
    [orderId, tx.now],
  );
};

/** The order is paid, even if it had been given up: its discount was given, so it counts, over a limit too. */
export const consumeCoupon = async (tx: Tx, orderId: string): Promise<void> => {
  await tx.db.query(
    'UPDATE coupon_use SET released_at = NULL WHERE order_id = $1 AND released_at IS NOT NULL',
    [orderId],
  );
};
