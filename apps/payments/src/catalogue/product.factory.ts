import assert from 'node:assert/strict';
import type { TestWorld } from '@lyceum/testing';
import { aMember } from '../communities/membership.factory';
import { createProduct, type CreateProductInput } from './create-product';
import type { PriceInput } from './price-list';
import { BillingInterval, ProductKind } from './product-kind';
import { Product } from './product.entity';

type Owner = Awaited<ReturnType<typeof aMember>>;

/** For tests: one way to pay; ¥12.34 once unless told otherwise. */
export const aPrice = (
  amountMinor = '1234',
  { currency = 'CNY', interval = BillingInterval.ONE_OFF } = {},
): PriceInput => ({ amount: { amountMinor, currency }, interval });

/** For tests: a product on sale, and the owner of its community. */
export const aProduct = async (
  world: TestWorld,
  input: Partial<CreateProductInput> & { owner?: Owner } = {},
): Promise<{ owner: Owner; product: Product }> => {
  const { owner = await aMember(world.db, { role: 'owner' }), ...rest } = input;
  const product = await createProduct(world.as(owner), {
    communityId: owner.communityId,
    kind: ProductKind.COURSE,
    title: 'Ownership and borrowing',
    prices: [aPrice()],
    ...rest,
  });
  assert(product instanceof Product);
  return { owner, product };
};
