import type { Tx } from '@lyceum/platform';
import { In } from 'typeorm';
import { Product, type ProductId } from '../catalogue/product.entity';
import { Coupon, type CouponId } from '../coupons/coupon.entity';
import { drawInvoice, type Draft, type Item } from './draw-invoice';
import { waitingItems } from './items';
import type { Subscription, SubscriptionId } from './subscription.type';

/** What the invoices of these subscriptions are drawn from. */
export interface Books {
  readonly titles: ReadonlyMap<ProductId, string>;
  readonly coupons: ReadonlyMap<CouponId, Coupon>;
  readonly items: ReadonlyMap<SubscriptionId, readonly Item[]>;
}

/** Three statements, for however many subscriptions; what a pending plan needs is among it. */
export const openBooks = async (tx: Tx, of: readonly Subscription[]): Promise<Books> => {
  const productIds = of.flatMap(({ productId, pendingPlan }) => [
    productId,
    ...(pendingPlan === null ? [] : [pendingPlan.productId]),
  ]);
  const couponIds = of.flatMap(({ couponId }) => couponId ?? []);
  const products = await tx.db.findBy(Product, { id: In([...new Set(productIds)]) });
  const coupons =
    couponIds.length === 0 ? [] : await tx.db.findBy(Coupon, { id: In([...new Set(couponIds)]) });
  return {
    titles: new Map(products.map(({ id, title }) => [id, title])),
    coupons: new Map(coupons.map((coupon) => [coupon.id, coupon])),
    items: await waitingItems(
      tx,
      of.map(({ id }) => id),
    ),
  };
};

export const couponIn = (books: Books, { couponId }: Subscription): Coupon | null =>
  couponId === null ? null : (books.coupons.get(couponId) ?? null);

export interface DraftOf extends Draft {
  readonly usedItems: readonly Item[];
}

/** The invoice of the subscription's present period. */
export const draftFrom = (books: Books, subscription: Subscription, now: Date): DraftOf => {
  const usedItems = books.items.get(subscription.id) ?? [];
  const draft = drawInvoice(
    subscription,
    {
      title: books.titles.get(subscription.productId) ?? '',
      coupon: couponIn(books, subscription),
      items: usedItems,
    },
    now,
  );
  return { ...draft, usedItems };
};
