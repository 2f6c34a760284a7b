import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { membershipOf } from '../communities/membership.queries';
import { NotCatalogueManager, ProductNotFound } from './catalogue.errors';
import { canManageCatalogue } from './catalogue.policy';
import { Product } from './product.entity';
import { lockProduct } from './product.queries';

@InputType()
export class ArchiveProductInput {
  @Field(() => ID) productId!: string;
}

export const ArchiveProductResult = createUnionType({
  name: 'ArchiveProductResult',
  types: () => [Product, ProductNotFound, NotCatalogueManager] as const,
});

/** Takes a product off sale for good; who bought it keeps it. Doing it again changes nothing. */
export const archiveProduct = useCase(
  async (tx, input: ArchiveProductInput): Promise<typeof ArchiveProductResult> => {
    const { accountId } = requireUser(tx);
    const product = await lockProduct(tx.db, input.productId);
    if (product === null) return new ProductNotFound();
    const membership = await membershipOf(tx.db, { communityId: product.communityId, accountId });
    if (!canManageCatalogue(membership)) return new NotCatalogueManager();

    product.archive(tx.now);
    await tx.db.update(Product, product.id, { archivedAt: product.archivedAt });
    return product;
  },
);
