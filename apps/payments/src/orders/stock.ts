import type { EntityManager } from 'typeorm';
import type { ProductId } from '../catalogue/product.entity';

/*
 * Of a product with a capacity: what is held for orders that may still be paid, and what is sold. One row a product,
 * so buyers of the last one take turns; a constraint refuses what nobody should have let through.
 */

export type Hold = 'unlimited' | 'held' | 'sold-out';

/** So many of a product. */
export interface Pieces {
  readonly productId: ProductId;
  readonly quantity: number;
}

/** Holds them, until they are sold or released: all or none. */
export const holdStock = async (
  db: EntityManager,
  { productId, quantity }: Pieces,
): Promise<Hold> => {
  const [held] = await db.query<[unknown[], number]>(
    `UPDATE product_stock SET held = held + $2
     WHERE product_id = $1 AND held + sold + $2 <= capacity RETURNING 1`,
    [productId, quantity],
  );
  if (held.length > 0) return 'held';
  const known = await db.query<unknown[]>('SELECT FROM product_stock WHERE product_id = $1', [
    productId,
  ]);
  return known.length > 0 ? 'sold-out' : 'unlimited';
};

export const releaseStock = (
  db: EntityManager,
  { productId, quantity }: Pieces,
): Promise<unknown> =>
  db.query('UPDATE product_stock SET held = held - $2 WHERE product_id = $1', [
    productId,
    quantity,
  ]);

export const sellHeldStock = (
  db: EntityManager,
  { productId, quantity }: Pieces,
): Promise<unknown> =>
  db.query('UPDATE product_stock SET held = held - $2, sold = sold + $2 WHERE product_id = $1', [
    productId,
    quantity,
  ]);

/** What was given back can be sold again. */
export const returnStock = (db: EntityManager, { productId, quantity }: Pieces): Promise<unknown> =>
  db.query('UPDATE product_stock SET sold = sold - $2 WHERE product_id = $1', [
    productId,
    quantity,
  ]);

/** What an order's line holds, or has bought, of a product with a capacity; null for nothing. */
export const piecesOf = (line: {
  readonly productId: ProductId | null;
  readonly quantity: number;
  readonly holdsStock: boolean;
}): Pieces | null =>
  line.holdsStock && line.productId !== null
    ? { productId: line.productId, quantity: line.quantity }
    : null;
