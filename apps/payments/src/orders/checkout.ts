import { requireUser, useCase, UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { campaignFor, campaignSays } from '../campaigns/campaign-for';
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
import { ownsProduct } from '../entitlements/grant-entitlement';
import { MoneyInput, MoneyType } from '../graph/money.type';
import { isOwnPath, savesMethodSays } from '../income/start-order-payment';
import { providerFor } from '../providers/choose-provider';
import { ProviderUnavailable, type PaymentProvider } from '../providers/provider';
import { AmountNotTaken, chosenAmount } from './chosen-amount';
import { claimKey, keepResponse } from './command-key';
import { lineOfProduct, refundPolicyOf } from './line-of-product';
import {
  AlreadyOwned,
  InvalidCheckout,
  KeyReused,
  OrderIsClosed,
  OrderNotFound,
  PriceIsRecurring,
  ProviderFailed,
  ProviderUnknown,
  SoldOut,
} from './order.errors';
import { OrderStatus, lockOrder, type Order, type OrderId } from './order.type';
import { memberIdOf, visibleOffer, whyNotOnSale, withCoupon, type Offer } from './offer';
import { placeOrder, takeTurns } from './place-order';
import { startPayment } from './start-payment';

@InputType()
export class CheckoutInput {
  @Field(() => ID, { description: 'One of the prices that the product is on sale for now.' })
  priceId!: string;

  @Field(() => String, { nullable: true, description: 'How to pay; see `paymentProviders`.' })
  provider?: string | null;

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Where buyers pay what they want: before a coupon; what is suggested by default.',
  })
  amount?: MoneyInput | null;

  @Field(() => String, { nullable: true }) couponCode?: string | null;

  @Field(() => String, { nullable: true, description: campaignSays })
  campaign?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the buyer returns to: a path of this platform.',
  })
  returnPath?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Who pays, for `wechatpay` inside WeChat: the openid. Then `paymentUrl` is the JSON for its bridge.',
  })
  payer?: string | null;

  @Field(() => Boolean, { nullable: true, description: savesMethodSays })
  savesPaymentMethod?: boolean | null;

  @Field(() => String, {
    description:
      '1 to 200 characters. The same key with the same request gets the same answer, and orders once.',
  })
  idempotencyKey!: string;
}

@ObjectType({
  description: 'What a checkout led to, as it was then: again with the same key it is the same.',
})
export class CheckoutSession {
  @Field(() => ID) orderId!: string;
  @Field(() => OrderStatus, { description: 'Paid at once when it is free.' }) status!: string;
  @Field(() => MoneyType) total!: MoneyType;
  @Field(() => String, { nullable: true }) provider!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where to pay: a page, relative to this platform unless absolute, or the text of a QR code.',
  })
  paymentUrl!: string | null;

  @Field(() => Date, { description: 'Until when it can be paid.' }) expiresAt!: Date;
}

export const CheckoutResult = createUnionType({
  name: 'CheckoutResult',
  types: () =>
    [
      CheckoutSession,
      ProductNotFound,
      ProductIsArchived,
      ProductHasChanged,
      PriceIsRecurring,
      AlreadyOwned,
      AmountNotTaken,
      SoldOut,
      ProviderUnknown,
      ProviderFailed,
      KeyReused,
      InvalidCheckout,
      OrderIsClosed,
      OrderNotFound,
      CouponNotFound,
      CouponNotInForce,
      CouponDoesNotApply,
      CouponUsedUp,
      CouponUsedBefore,
    ] as const,
});
type Result = Promise<typeof CheckoutResult>;

/** Orders a product at one of its prices. Free ones are given at once; for others the answer says where to pay. */
export const checkout = async (ctx: Ctx, input: CheckoutInput): Result => {
  requireUser(ctx);
  const problem = problemOf(input);
  if (problem !== null) return new InvalidCheckout(problem);
  const offer = await visibleOffer(ctx, input.priceId);
  if (offer === null) return new ProductNotFound();
  const provider = providerFor(ctx, offer.price.currency, input.provider);
  if (provider === null) return new ProviderUnknown();
  const placed = await place(ctx, { ...offer, input });
  if (placed instanceof UserError) return placed;
  if (placed.response !== null) return sessionOf(placed.response);

  const { order } = placed;
  const paymentUrl = await urlToPay(ctx, { order, provider, input });
  if (paymentUrl instanceof UserError) return paymentUrl;
  const session = {
    orderId: order.id,
    status: order.status,
    total: { amountMinor: order.totalMinor.toString(), currency: order.currency },
    provider: paymentUrl === null ? null : provider.name,
    paymentUrl,
    expiresAt: order.expiresAt,
  };
  return sessionOf(
    await keep(ctx, { key: input.idempotencyKey, response: JSON.stringify(session) }),
  );
};

/** What is not to be had by paying alone. */
const soldElsewhere: Partial<Record<ProductKind, string>> = {
  [ProductKind.CONSULTING]: 'A time must be chosen: see `bookSlot`.',
  [ProductKind.SEAT_PACK]: 'How many seats must be said: see `buySeats`.',
};

const maxKeyLength = 200;

const problemOf = ({ idempotencyKey, returnPath, payer }: CheckoutInput): string | null => {
  if (idempotencyKey.length === 0 || idempotencyKey.length > maxKeyLength)
    return 'An idempotency key has 1 to 200 characters.';
  if (returnPath != null && !isOwnPath(returnPath)) return 'A return path begins with a slash.';
  if (payer != null && !/^[\w-]{1,128}$/.test(payer)) return 'This is no openid.';
  return null;
};

interface Placed {
  readonly order: Order;
  /** What was answered the first time. */
  readonly response: string | null;
}

const place = useCase(
  async (
    tx,
    { product, price, input }: Offer & { input: CheckoutInput },
  ): Promise<Placed | Exclude<Awaited<Result>, CheckoutSession>> => {
    const { accountId } = requireUser(tx);
    const { idempotencyKey: key, ...request } = input;
    const claim = await claimKey(tx, { operation: 'checkout', key, request });
    if (claim instanceof KeyReused) return claim;
    const id = claim.resultId as OrderId; // made for it
    if (claim.isReplay) {
      const order = await lockOrder(tx.db, id);
      return order === null ? new OrderNotFound() : { order, response: claim.response };
    }
    await takeTurns(tx, accountId);
    const gone = whyNotOnSale({ product, price });
    if (gone !== null) return gone;
    if (price.interval !== BillingInterval.ONE_OFF) return new PriceIsRecurring();
    const elsewhere = soldElsewhere[product.kind];
    if (elsewhere !== undefined) return new InvalidCheckout(elsewhere);
    const isOwned = await ownsProduct(tx.db, { accountId, productId: product.id, at: tx.now });
    if (isOwned) return new AlreadyOwned();
    const amount = chosenAmount(price, input.amount);
    if (amount instanceof AmountNotTaken) return amount;
    const line = await lineOfProduct(tx, { product, price, amount });
    const { couponCode } = input;
    const discounted = await withCoupon(tx, line, { orderId: id, product, couponCode });
    if (discounted instanceof UserError) return discounted;
    const order = await placeOrder(tx, {
      id,
      communityId: product.communityId,
      buyerId: accountId,
      buyerMemberId: await memberIdOf(tx, product.communityId),
      lines: [discounted],
      refundPolicy: await refundPolicyOf(tx, product),
      campaignId: await campaignFor(tx, product, input.campaign),
    });
    return order instanceof SoldOut ? order : { order, response: null };
  },
);

/** Null when there is nothing to pay. */
const urlToPay = async (
  ctx: Ctx,
  { order, provider, input }: { order: Order; provider: PaymentProvider; input: CheckoutInput },
): Promise<string | null | ProviderFailed | OrderNotFound | OrderIsClosed> => {
  if (order.status === 'paid') return null;
  try {
    const payment = await startPayment(ctx, {
      orderId: order.id,
      provider,
      returnPath: input.returnPath ?? null,
      payer: input.payer ?? null,
      savesMethod: input.savesPaymentMethod ?? false,
    });
    return payment instanceof UserError ? payment : payment.paymentUrl;
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    ctx.log.warn({ err: error, provider: provider.name }, 'provider.unavailable');
    return new ProviderFailed(order.id);
  }
};

const keep = useCase((tx, answer: { key: string; response: string }) => keepResponse(tx, answer));

const sessionOf = (response: string): CheckoutSession => {
  const kept = JSON.parse(response) as CheckoutSession; // as `checkout` has written it
  return Object.assign(new CheckoutSession(), kept, { expiresAt: new Date(kept.expiresAt) });
};
