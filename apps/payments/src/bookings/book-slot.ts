import assert from 'node:assert/strict';
import { newId, type MemberId } from '@lyceum/contracts';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import {
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from '../catalogue/catalogue.errors';
import { ProductKind } from '../catalogue/product-kind';
import {
  CouponDoesNotApply,
  CouponNotFound,
  CouponNotInForce,
  CouponUsedBefore,
  CouponUsedUp,
} from '../coupons/coupon.errors';
import { Membership } from '../communities/membership.entity';
import { PaymentSession, PayWithInput, startOrderPayment } from '../income/start-order-payment';
import { claimKey } from '../orders/command-key';
import { lineOfProduct } from '../orders/line-of-product';
import { memberIdOf, visibleOffer, whyNotOnSale, withCoupon, type Offer } from '../orders/offer';
import {
  KeyReused,
  NotForSaleLikeThis,
  OrderIsClosed,
  OrderNotFound,
  ProviderFailed,
  ProviderUnknown,
  SoldOut,
} from '../orders/order.errors';
import { lockOrder, type Order, type OrderId } from '../orders/order.type';
import { placeOrder, takeTurns } from '../orders/place-order';
import { SlotNotOffered, SlotTaken } from './booking.errors';
import { selectBookings, type BookingId } from './booking.type';
import { bookableFrom, hoursOf, slotsOf, type ConsultingHours } from './consulting-hours';

@InputType()
export class BookSlotInput extends PayWithInput {
  @Field(() => ID, { description: 'A price of a product of the kind `CONSULTING`.' })
  priceId!: string;
  @Field(() => Date, { description: 'One of the times in `Product.slots`.' }) startsAt!: Date;
  @Field(() => String, { defaultValue: '', description: 'Plain text, at most 500 characters.' })
  note!: string;
  @Field(() => String, { nullable: true }) couponCode?: string | null;
  @Field(() => String, { description: '1 to 200 characters. The same key books once.' })
  idempotencyKey!: string;
}

export const BookSlotResult = createUnionType({
  name: 'BookSlotResult',
  types: () =>
    [
      PaymentSession,
      ProductNotFound,
      ProductIsArchived,
      ProductHasChanged,
      NotForSaleLikeThis,
      SlotTaken,
      SlotNotOffered,
      SoldOut,
      KeyReused,
      ProviderUnknown,
      ProviderFailed,
      OrderIsClosed,
      OrderNotFound,
      CouponNotFound,
      CouponNotInForce,
      CouponDoesNotApply,
      CouponUsedUp,
      CouponUsedBefore,
    ] as const,
});
type Result = Promise<typeof BookSlotResult>;

/** An appointment is kept for its buyer so long; then somebody else may have it. */
export const holdMs = 15 * 60_000;

/** Books somebody's time: it is kept while the order can be paid, and the money is held until it was given. */
export const bookSlot = async (ctx: Ctx, input: BookSlotInput): Result => {
  requireUser(ctx);
  if (!/^.{1,200}$/s.test(input.idempotencyKey))
    return new NotForSaleLikeThis('An idempotency key has 1 to 200 characters.');
  if (Array.from(input.note).length > 500)
    return new NotForSaleLikeThis('A note has at most 500 characters.');
  const offer = await visibleOffer(ctx, input.priceId);
  if (offer === null) return new ProductNotFound();
  if (offer.product.kind !== ProductKind.CONSULTING)
    return new NotForSaleLikeThis('Only time with somebody is booked.');
  const order = await place(ctx, { ...offer, input });
  return order instanceof UserError ? order : startOrderPayment(ctx, order, input);
};

const place = useCase(
  async (
    tx,
    { input, product, price }: Offer & { input: BookSlotInput },
  ): Promise<Order | Exclude<Awaited<Result>, PaymentSession>> => {
    const { accountId } = requireUser(tx);
    const { idempotencyKey: key, ...request } = input;
    const claim = await claimKey(tx, { operation: 'bookSlot', key, request });
    if (claim instanceof KeyReused) return claim;
    const bookingId = claim.resultId as BookingId; // made for it
    if (claim.isReplay) return (await orderOf(tx, bookingId)) ?? new OrderNotFound();
    await takeTurns(tx, accountId);
    const refusal =
      whyNotOnSale({ product, price }) ?? (await takeSlot(tx, { bookingId, product, input }));
    if (refusal instanceof UserError) return refusal;

    const { orderId, hours } = refusal;
    const line = await lineOfProduct(tx, { product, price, amount: price.amount });
    const booked = { ...line, purpose: 'booking', referenceId: bookingId };
    const { couponCode } = input;
    const discounted = await withCoupon(tx, booked, { orderId, product, couponCode });
    if (discounted instanceof UserError) return discounted;
    return placeOrder(tx, {
      id: orderId,
      communityId: product.communityId,
      buyerId: accountId,
      buyerMemberId: await memberIdOf(tx, product.communityId),
      lines: [{ ...discounted, earnerId: hours.consultantId }],
      refundPolicy: { windowDays: 0, endsAccess: true }, // the booking has terms of its own
      expiresInMs: holdMs,
    });
  },
);

interface Taken {
  readonly orderId: OrderId;
  readonly hours: ConsultingHours;
}

/** Writes the booking, before its order: nobody else has the time from then on. */
const takeSlot = async (
  tx: Tx,
  of: { bookingId: BookingId; product: Offer['product']; input: BookSlotInput },
): Promise<Taken | SlotTaken | SlotNotOffered | NotForSaleLikeThis> => {
  const { bookingId, product, input } = of;
  const { accountId } = requireUser(tx);
  const hours = await hoursOf(tx.db, product.id);
  const isThere = hours !== null && (await isMember(tx, hours.consultantId));
  if (!isThere) return new SlotNotOffered();
  if (hours.consultantAccountId === accountId)
    return new NotForSaleLikeThis('You cannot book yourself.');
  await takeTurnsWith(tx, hours.consultantAccountId);
  const span = { from: input.startsAt, until: new Date(input.startsAt.getTime() + 1) };
  const [slot] = await slotsOf(tx.db, { productId: product.id, ...span });
  if (slot === undefined || slot.startsAt < bookableFrom(hours, tx.now))
    return new SlotNotOffered();
  if (!slot.isFree) return new SlotTaken();

  const orderId = newId<'Order'>();
  await tx.db.query(
    `INSERT INTO booking (id, order_id, product_id, community_id, consultant_id, consultant_account_id, buyer_id,
       buyer_member_id, starts_at, ends_at, status, note, created_at, free_hours, part_hours, part_basis_points,
       absent_basis_points, confirm_days)
     SELECT $1, $2, product_id, $3, consultant_id, consultant_account_id, $4, $5, $6, $7, 'held', $8, $9, free_hours,
       part_hours, part_basis_points, absent_basis_points, confirm_days
     FROM consulting_hours WHERE product_id = $10`,
    [
      bookingId,
      orderId,
      product.communityId,
      accountId,
      await memberIdOf(tx, product.communityId),
      slot.startsAt,
      slot.endsAt,
      input.note,
      tx.now,
      product.id,
    ],
  );
  return { orderId, hours };
};

/** Who has left, or was banned, is not booked any more. */
const isMember = async (tx: Tx, memberId: MemberId): Promise<boolean> =>
  (await tx.db.findOneBy(Membership, { memberId }))?.status === 'active';

/** All who book one consultant take turns, so that the second is told so; a constraint refuses what comes past this. */
export const takeTurnsWith = (tx: Tx, consultantAccountId: string): Promise<unknown> =>
  tx.db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `consultant ${consultantAccountId}`,
  ]);

const orderOf = async (tx: Tx, bookingId: BookingId): Promise<Order | null> => {
  const [booking] = await selectBookings(tx.db, 'id = $1', [bookingId]);
  assert(booking !== undefined, 'a key that was used has made a booking');
  return lockOrder(tx.db, booking.orderId);
};
