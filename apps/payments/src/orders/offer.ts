import { isId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { requireUser, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { ProductHasChanged, ProductIsArchived } from '../catalogue/catalogue.errors';
import { Price } from '../catalogue/price.entity';
import type { Product } from '../catalogue/product.entity';
import { visibleProduct } from '../catalogue/visible-product';
import type { CouponRefusal } from '../coupons/coupon.errors';
import { accountKey } from '../coupons/customer-keys';
import { reserveCoupon } from '../coupons/reserve-coupon';
import type { OrderId } from './order.type';
import type { NewLine } from './place-order';

export interface Offer {
  readonly product: Product;
  readonly price: Price;
}

/** The price and its product, or null when the actor may not see them or there are none. */
export const visibleOffer = async (ctx: Ctx, priceId: string): Promise<Offer | null> => {
  if (!isId(priceId)) return null;
  const price = await ctx.db.findOneBy(Price, { id: priceId as Price['id'] });
  const product = price === null ? null : await visibleProduct(ctx, price.productId);
  return price === null || product === null ? null : { product, price };
};

/** Why nobody buys at this price now, or null. */
export const whyNotOnSale = ({
  product,
  price,
}: Offer): ProductIsArchived | ProductHasChanged | null => {
  if (product.isArchived) return new ProductIsArchived();
  return price.version === product.version ? null : new ProductHasChanged(product.version);
};

/** The line less what the coupon takes off it, reserved for the order; the same line without a coupon. */
export const withCoupon = async (
  tx: Tx,
  line: NewLine,
  of: { readonly orderId: OrderId; readonly product: Product; readonly couponCode?: string | null },
): Promise<NewLine | CouponRefusal> => {
  if (of.couponCode == null) return line;
  const reserved = await reserveCoupon(tx, {
    code: of.couponCode,
    communityId: of.product.communityId,
    customerKeys: [accountKey(requireUser(tx).accountId)],
    orderId: of.orderId,
    lines: [{ productId: of.product.id, amount: line.amount }],
    interval: null,
  });
  if (reserved instanceof UserError) return reserved;
  const [discount] = reserved.discounts;
  return discount === undefined ? line : { ...line, discount };
};

/** The actor's membership of the community, if there is or was one. */
export const memberIdOf = async (tx: Tx, communityId: CommunityId): Promise<MemberId | null> => {
  const [row] = await tx.db.query<{ id: MemberId }[]>(
    'SELECT member_id AS id FROM membership WHERE community_id = $1 AND account_id = $2',
    [communityId, requireUser(tx).accountId],
  );
  return row?.id ?? null;
};
