import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { membershipOf } from '../communities/membership.queries';
import {
  InvalidPrices,
  NotCatalogueManager,
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from './catalogue.errors';
import { canManageCatalogue } from './catalogue.policy';
import { isSamePriceList, parsePriceList, PriceInput } from './price-list';
import { Product } from './product.entity';
import { currentPrices, lockProduct } from './product.queries';
import {
  InvalidTerms,
  isRefundPolicy,
  isSamePolicy,
  policyOf,
  RefundPolicyInput,
} from './product-terms';
import { writeVersion } from './write-version';

@InputType()
export class UpdatePriceInput {
  @Field(() => ID) productId!: string;

  @Field(() => Int, { description: 'The version whose prices the change was decided on.' })
  version!: number;

  @Field(() => [PriceInput], { description: 'All prices from now on.' }) prices!: PriceInput[];

  @Field(() => RefundPolicyInput, { nullable: true, description: 'As before when it is left out.' })
  refundPolicy?: RefundPolicyInput | null;
}

export const UpdatePriceResult = createUnionType({
  name: 'UpdatePriceResult',
  types: () =>
    [
      Product,
      ProductNotFound,
      NotCatalogueManager,
      ProductIsArchived,
      ProductHasChanged,
      InvalidPrices,
      InvalidTerms,
    ] as const,
});

/**
 * Sells a product at other prices from now on. The old ones stay readable as the version they were, and in
 * force for what was ordered under them. The same prices again make no new version, so a repeat is harmless.
 */
export const updatePrice = useCase(
  async (tx, input: UpdatePriceInput): Promise<typeof UpdatePriceResult> => {
    const { accountId } = requireUser(tx);
    const product = await lockProduct(tx.db, input.productId);
    if (product === null) return new ProductNotFound();
    const membership = await membershipOf(tx.db, { communityId: product.communityId, accountId });
    if (membership === null || !canManageCatalogue(membership)) return new NotCatalogueManager();
    if (product.isArchived) return new ProductIsArchived();
    const offers = parsePriceList(product.kind, input.prices);
    if (offers instanceof InvalidPrices) return offers;
    const policyBefore = await policyOf(tx.db, product);
    const refundPolicy = input.refundPolicy ?? policyBefore;
    if (!isRefundPolicy(refundPolicy)) return new InvalidTerms('A refund window is 0 to 365 days.');
    const isSameList = isSamePriceList(offers, await currentPrices(tx.db, product));
    if (isSameList && isSamePolicy(refundPolicy, policyBefore)) return product;
    if (product.version !== input.version) return new ProductHasChanged(product.version);

    product.nextVersion();
    await writeVersion(tx, product, { offers, byId: membership.memberId, refundPolicy });
    await tx.db.update(Product, product.id, { version: product.version });
    return product;
  },
);
