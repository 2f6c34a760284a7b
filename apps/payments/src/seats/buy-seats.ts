import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import { money } from '@lyceum/money';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import {
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from '../catalogue/catalogue.errors';
import { BillingInterval, ProductKind } from '../catalogue/product-kind';
import {
  CouponDoesNotApply,
  CouponNotFound,
  CouponNotInForce,
  CouponUsedBefore,
  CouponUsedUp,
} from '../coupons/coupon.errors';
import { PaymentSession, PayWithInput, startOrderPayment } from '../income/start-order-payment';
import { claimKey } from '../orders/command-key';
import { lineOfProduct, refundPolicyOf } from '../orders/line-of-product';
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
import { selectPacks, type SeatPackId } from './seat-pack.type';
import { seatTermsOf } from './seat-terms';

@InputType()
export class BuySeatsInput extends PayWithInput {
  @Field(() => ID, { description: 'A price, of one seat, of a product of the kind `SEAT_PACK`.' })
  priceId!: string;
  @Field(() => Int, { description: '1 to 1000.' }) seats!: number;
  @Field(() => String, { nullable: true }) couponCode?: string | null;
  @Field(() => String, { description: '1 to 200 characters. The same key buys once.' })
  idempotencyKey!: string;
}

export const BuySeatsResult = createUnionType({
  name: 'BuySeatsResult',
  types: () =>
    [
      PaymentSession,
      ProductNotFound,
      ProductIsArchived,
      ProductHasChanged,
      NotForSaleLikeThis,
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
type Result = Promise<typeof BuySeatsResult>;

const maxSeats = 1_000;

/** Buys seats of a product for others. Where there are only so many, all of them are had or none. */
export const buySeats = async (ctx: Ctx, input: BuySeatsInput): Result => {
  requireUser(ctx);
  if (!/^.{1,200}$/s.test(input.idempotencyKey))
    return new NotForSaleLikeThis('An idempotency key has 1 to 200 characters.');
  if (input.seats < 1 || input.seats > maxSeats)
    return new NotForSaleLikeThis('One buys 1 to 1000 seats.');
  const offer = await visibleOffer(ctx, input.priceId);
  if (offer === null) return new ProductNotFound();
  if (offer.product.kind !== ProductKind.SEAT_PACK)
    return new NotForSaleLikeThis('This is not sold by the seat.');
  if (offer.price.interval !== BillingInterval.ONE_OFF)
    return new NotForSaleLikeThis('This price is paid again and again.');
  const order = await place(ctx, { ...offer, input });
  return order instanceof UserError ? order : startOrderPayment(ctx, order, input);
};

const place = useCase(
  async (
    tx,
    { input, product, price }: Offer & { input: BuySeatsInput },
  ): Promise<Order | Exclude<Awaited<Result>, PaymentSession>> => {
    const { accountId } = requireUser(tx);
    const { idempotencyKey: key, ...request } = input;
    const claim = await claimKey(tx, { operation: 'buySeats', key, request });
    if (claim instanceof KeyReused) return claim;
    const packId = claim.resultId as SeatPackId; // made for it
    if (claim.isReplay) return (await orderOf(tx, packId)) ?? new OrderNotFound();
    await takeTurns(tx, accountId);
    const gone = whyNotOnSale({ product, price });
    if (gone !== null) return gone;
    const { leastSeats } = await seatTermsOf(tx.db, product.id);
    if (input.seats < leastSeats)
      return new NotForSaleLikeThis(`One buys ${String(leastSeats)} seats or more.`);

    const amount = money(price.amountMinor * BigInt(input.seats), price.currency);
    const line = await lineOfProduct(tx, { product, price, amount });
    const seats = { ...line, purpose: 'seats', referenceId: packId, quantity: input.seats };
    const orderId = newId<'Order'>();
    const { couponCode } = input;
    const discounted = await withCoupon(tx, seats, { orderId, product, couponCode });
    if (discounted instanceof UserError) return discounted;
    await writePack(tx, { packId, orderId, product, seats: input.seats });
    return placeOrder(tx, {
      id: orderId,
      communityId: product.communityId,
      buyerId: accountId,
      buyerMemberId: await memberIdOf(tx, product.communityId),
      lines: [discounted],
      refundPolicy: await refundPolicyOf(tx, product),
    });
  },
);

const writePack = async (
  tx: Tx,
  of: { packId: SeatPackId; orderId: OrderId; product: Offer['product']; seats: number },
): Promise<void> => {
  const { packId, orderId, product, seats } = of;
  const { accessDays } = await seatTermsOf(tx.db, product.id);
  await tx.db.query(
    `INSERT INTO seat_pack (id, order_id, product_id, community_id, owner_id, seats, access_days, status, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)`,
    [
      packId,
      orderId,
      product.id,
      product.communityId,
      requireUser(tx).accountId,
      seats,
      accessDays,
      tx.now,
    ],
  );
};

const orderOf = async (tx: Tx, packId: SeatPackId): Promise<Order | null> => {
  const [pack] = await selectPacks(tx.db, 'id = $1', [packId]);
  assert(pack !== undefined, 'a key that was used has made a pack');
  return lockOrder(tx.db, pack.orderId);
};
