import { newId, type MemberId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { Price } from './price.entity';
import type { Offer } from './price-list';
import { ProductVersion } from './product-version.entity';
import type { Product } from './product.entity';

/** Writes the product's present version and its prices, once and for all. */
export const writeVersion = async (
  tx: Tx,
  product: Product,
  { offers, byId }: { offers: readonly Offer[]; byId: MemberId },
): Promise<void> => {
  const of = { productId: product.id, createdById: byId, createdAt: tx.now };
  await tx.db.insert(ProductVersion, { ...of, number: product.version });
  await tx.db.insert(
    Price,
    offers.map(({ amount, interval }) => ({
      id: newId<'Price'>(),
      productId: product.id,
      version: product.version,
      interval,
      ...amount,
    })),
  );
};
