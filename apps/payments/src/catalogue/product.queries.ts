import { isId, type CommunityId } from '@lyceum/contracts';
import {
  badInput,
  type BatchQuery,
  type Connection,
  groupBy,
  idIn,
  type PageArgs,
  parsePage,
  toConnection,
} from '@lyceum/platform';
import { In, type EntityManager } from 'typeorm';
import type { RefundPolicy } from '../orders/order.type';
import { Price } from './price.entity';
import { ProductVersion } from './product-version.entity';
import { Product, type ProductId } from './product.entity';

/** Newest first: ids are time-ordered. */
export const productsOfCommunity = async (
  db: EntityManager,
  of: { communityId: CommunityId; isArchived: boolean },
  page: PageArgs,
): Promise<Connection<Product>> => {
  const list = `products:${of.communityId}:${of.isArchived ? 'archived' : 'on-sale'}`;
  const { first, after } = parsePage(list, page);
  const query = db
    .createQueryBuilder(Product, 'product')
    .where('product.communityId = :communityId', { communityId: of.communityId })
    .andWhere(`product.archivedAt IS ${of.isArchived ? 'NOT NULL' : 'NULL'}`)
    .orderBy('product.id', 'DESC')
    .limit(first + 1)
    .comment('products.of-community');
  const id = idIn(after);
  if (id !== null) query.andWhere('product.id < :id', { id });
  return toConnection(await query.getMany(), { list, first, positionOf: ({ id }) => [id] });
};

/** Until the transaction ends nobody else changes it, or its prices. */
export const lockProduct = (db: EntityManager, id: string): Promise<Product | null> =>
  isId(id)
    ? db.findOne(Product, { where: { id: id as ProductId }, lock: { mode: 'pessimistic_write' } })
    : Promise.resolve(null);

export const productsById: BatchQuery<string, Product> = async (ctx, ids) => {
  const products = await ctx.db.findBy(Product, { id: In(ids.filter(isId)) });
  return new Map(products.map((product) => [product.id, product]));
};

/** Newest first. */
export const versionsOfProduct = async (
  db: EntityManager,
  product: Product,
  page: PageArgs,
): Promise<Connection<ProductVersion>> => {
  const list = `versions:${product.id}`;
  const { first, after } = parsePage(list, page);
  const query = db
    .createQueryBuilder(ProductVersion, 'version')
    .where('version.productId = :productId', { productId: product.id })
    .orderBy('version.number', 'DESC')
    .limit(first + 1)
    .comment('products.versions');
  if (after !== null) {
    const [number] = after;
    if (!Number.isSafeInteger(number)) throw badInput('"after" is not a cursor of this list.');
    query.andWhere('version.number < :number', { number });
  }
  return toConnection(await query.getMany(), { list, first, positionOf: (row) => [row.number] });
};

/** What the prices of a version are loaded by. */
export const versionKey = (productId: ProductId, version: number): string =>
  `${productId}/${String(version)}`;

/** By `versionKey`; one-off prices first, then by currency. */
export const pricesByVersion: BatchQuery<string, readonly Price[]> = async (ctx, keys) => {
  const pairs = keys.map((key) => key.split('/'));
  const prices = await ctx.db
    .createQueryBuilder(Price, 'price')
    .where(
      '(price.productId, price.version) IN (SELECT * FROM unnest(:productIds::uuid[], :versions::int[]))',
      { productIds: pairs.map(([id]) => id), versions: pairs.map(([, version]) => version) },
    )
    .orderBy(`array_position(ARRAY['one-off', 'month', 'year'], price.interval)`)
    .addOrderBy('price.currency')
    .comment('prices.by-version')
    .getMany();
  return groupBy(prices, (price) => versionKey(price.productId, price.version));
};

/** By `versionKey`: the terms of giving it back. */
export const refundPolicies: BatchQuery<string, RefundPolicy> = async (ctx, keys) => {
  const versions = await ctx.db.findBy(
    ProductVersion,
    keys.map((key) => {
      const [productId, number] = key.split('/');
      return { productId: productId as ProductId, number: Number(number) }; // as `versionKey` has written it
    }),
  );
  return new Map(
    versions.map(({ productId, number, refundWindowDays, refundEndsAccess }) => [
      versionKey(productId, number),
      { windowDays: refundWindowDays, endsAccess: refundEndsAccess },
    ]),
  );
};

/** The prices on sale, in a transaction that changes them. */
export const currentPrices = (db: EntityManager, product: Product): Promise<Price[]> =>
  db.findBy(Price, { productId: product.id, version: product.version });
