import { newId, type MemberId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { Price } from './price.entity';
import type { Offer } from './price-list';
import type { RefundPolicyInput } from './product-terms';
import { ProductVersion } from './product-version.entity';
import type { Product } from './product.entity';

export interface NewVersion {
  readonly offers: readonly Offer[];
  readonly byId: MemberId;
  readonly refundPolicy: RefundPolicyInput;
}

/** Writes the product's present version and its prices, once and for all. */
export const writeVersion = async (
  tx: Tx,
  product: Product,
  { offers, byId, refundPolicy }: NewVersion,
): Promise<void> => {
  const of = { productId: product.id, createdById: byId, createdAt: tx.now };
  await tx.db.insert(ProductVersion, {
    ...of,
    number: product.version,
    refundWindowDays: refundPolicy.windowDays,
    refundEndsAccess: refundPolicy.endsAccess,
  });
  await tx.db.insert(
    Price,
    offers.map(({ amount, interval, suggested }) => ({
      id: newId<'Price'>(),
      productId: product.id,
      version: product.version,
      interval,
      suggestedMinor: suggested?.amountMinor ?? null,
      ...amount,
    })),
  );
};
