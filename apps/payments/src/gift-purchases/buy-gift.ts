import assert from 'node:assert/strict';
import { isId, newId, type AccountId, type MemberId } from '@lyceum/contracts';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import {
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from '../catalogue/catalogue.errors';
import { BillingInterval, ProductKind } from '../catalogue/product-kind';
import { Membership } from '../communities/membership.entity';
import {
  CouponDoesNotApply,
  CouponNotFound,
  CouponNotInForce,
  CouponUsedBefore,
  CouponUsedUp,
} from '../coupons/coupon.errors';
import { MoneyInput } from '../graph/money.type';
import { PaymentSession, PayWithInput, startOrderPayment } from '../income/start-order-payment';
import { AmountNotTaken, chosenAmount } from '../orders/chosen-amount';
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
import { lockOrder, type Order } from '../orders/order.type';
import { placeOrder, takeTurns } from '../orders/place-order';
import { selectGifts, type GiftId } from './gift.type';

@InputType()
export class BuyGiftInput extends PayWithInput {
  @Field(() => ID, { description: 'A price that is paid once.' }) priceId!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'For this member of the community alone; without it for whoever has the code.',
  })
  recipientId?: string | null;
  @Field(() => String, { defaultValue: '', description: 'Plain text, at most 500 characters.' })
  message!: string;
  @Field(() => MoneyInput, { nullable: true, description: 'Where buyers pay what they want.' })
  amount?: MoneyInput | null;
  @Field(() => String, { nullable: true }) couponCode?: string | null;
  @Field(() => String, { description: '1 to 200 characters. The same key buys once.' })
  idempotencyKey!: string;
}

export const BuyGiftResult = createUnionType({
  name: 'BuyGiftResult',
  types: () =>
    [
      PaymentSession,
      ProductNotFound,
      ProductIsArchived,
      ProductHasChanged,
      NotForSaleLikeThis,
      AmountNotTaken,
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
type Result = Promise<typeof BuyGiftResult>;

/** What one has is access; hours and seats are given in their own ways. */
const notGiven: readonly ProductKind[] = [
  ProductKind.CONSULTING,
  ProductKind.SEAT_PACK,
  ProductKind.SPONSORSHIP,
];

/** So long may an unredeemed gift go back. */
const returnDays = 365;

/** Buys a product for somebody else. The buyer gets nothing of it, and the money is held until it is redeemed. */
export const buyGift = async (ctx: Ctx, input: BuyGiftInput): Result => {
  requireUser(ctx);
  if (!/^.{1,200}$/s.test(input.idempotencyKey))
    return new NotForSaleLikeThis('An idempotency key has 1 to 200 characters.');
  if (Array.from(input.message).length > 500)
    return new NotForSaleLikeThis('A message has at most 500 characters.');
  const offer = await visibleOffer(ctx, input.priceId);
  if (offer === null) return new ProductNotFound();
  const { product, price } = offer;
  if (notGiven.includes(product.kind) || price.interval !== BillingInterval.ONE_OFF)
    return new NotForSaleLikeThis('This cannot be given.');
  const order = await place(ctx, { ...offer, input });
  return order instanceof UserError ? order : startOrderPayment(ctx, order, input);
};

const place = useCase(
  async (
    tx,
    { input, product, price }: Offer & { input: BuyGiftInput },
  ): Promise<Order | Exclude<Awaited<Result>, PaymentSession>> => {
    const { accountId } = requireUser(tx);
    const { idempotencyKey: key, ...request } = input;
    const claim = await claimKey(tx, { operation: 'buyGift', key, request });
    if (claim instanceof KeyReused) return claim;
    const giftId = claim.resultId as GiftId; // made for it
    if (claim.isReplay) return (await orderOf(tx, giftId)) ?? new OrderNotFound();
    await takeTurns(tx, accountId);
    const gone = whyNotOnSale({ product, price });
    if (gone !== null) return gone;
    const recipient = await recipientOf(tx, product, input.recipientId ?? null);
    if (recipient instanceof NotForSaleLikeThis) return recipient;
    const amount = chosenAmount(price, input.amount);
    if (amount instanceof AmountNotTaken) return amount;

    const line = await lineOfProduct(tx, { product, price, amount });
    const given = { ...line, purpose: 'gift', referenceId: giftId };
    const orderId = newId<'Order'>();
    const { couponCode } = input;
    const discounted = await withCoupon(tx, given, { orderId, product, couponCode });
    if (discounted instanceof UserError) return discounted;
    const buyerMemberId = await memberIdOf(tx, product.communityId);
    await tx.db.query(
      `INSERT INTO gift (id, order_id, product_id, community_id, giver_id, giver_member_id, recipient_id,
         recipient_member_id, status, message, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10)`,
      [
        ...[giftId, orderId, product.id, product.communityId, accountId, buyerMemberId],
        ...[recipient?.accountId ?? null, recipient?.memberId ?? null, input.message, tx.now],
      ],
    );
    return placeOrder(tx, {
      id: orderId,
      communityId: product.communityId,
      buyerId: accountId,
      buyerMemberId,
      lines: [discounted],
      refundPolicy: { windowDays: returnDays, endsAccess: true },
    });
  },
);

interface Recipient {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
}

const recipientOf = async (
  tx: Tx,
  { communityId }: Offer['product'],
  memberId: string | null,
): Promise<Recipient | null | NotForSaleLikeThis> => {
  if (memberId === null) return null;
  const member = isId(memberId)
    ? await tx.db.findOneBy(Membership, { memberId: memberId as MemberId })
    : null;
  if (member?.communityId !== communityId || member.status !== 'active')
    return new NotForSaleLikeThis('There is no such member of the community.');
  return member.accountId === requireUser(tx).accountId
    ? new NotForSaleLikeThis('A gift is for somebody else.')
    : member;
};

const orderOf = async (tx: Tx, giftId: GiftId): Promise<Order | null> => {
  const [gift] = await selectGifts(tx.db, 'id = $1', [giftId]);
  assert(gift !== undefined, 'a key that was used has made a gift');
  return lockOrder(tx.db, gift.orderId);
};
