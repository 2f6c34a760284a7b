import type { EntityManager } from 'typeorm';
import type { ProductId } from '../catalogue/product.entity';

/*
 * Of a product with a capacity: what is held for orders that may still be paid, and what is sold. One row a product,
 * so buyers of the last one take turns; a constraint refuses what nobody should have let through.
 */

export type Hold = 'unlimited' | 'held' | 'sold-out';

/** Holds one, until it is sold or released. */
export const holdStock = async (db: EntityManager, productId: ProductId): Promise<Hold> => {
  const [held] = await db.query<[unknown[], number]>(
    `UPDATE product_stock SET held = held + 1
     WHERE product_id = $1 AND held + sold < capacity RETURNING 1`,
    [productId],
  );
  if (held.length > 0) return 'held';
  const known = await db.query<unknown[]>('SELECT FROM product_stock WHERE product_id = $1', [
    productId,
  ]);
  return known.length > 0 ? 'sold-out' : 'unlimited';
};

export const releaseStock = (db: EntityManager, productId: ProductId): Promise<unknown> =>
  db.query('UPDATE product_stock SET held = held - 1 WHERE product_id = $1', [productId]);

export const sellHeldStock = (db: EntityManager, productId: ProductId): Promise<unknown> =>
  db.query('UPDATE product_stock SET held = held - 1, sold = sold + 1 WHERE product_id = $1', [
    productId,
  ]);

/** What was given back can be sold again. */
export const returnStock = (db: EntityManager, productId: ProductId): Promise<unknown> =>
  db.query('UPDATE product_stock SET sold = sold - 1 WHERE product_id = $1', [productId]);
