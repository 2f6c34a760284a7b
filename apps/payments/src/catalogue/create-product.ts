import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { membershipOf } from '../communities/membership.queries';
import { InvalidPrices, InvalidTitle, NotCatalogueManager } from './catalogue.errors';
import { canManageCatalogue } from './catalogue.policy';
import { parsePriceList, PriceInput } from './price-list';
import { ProductKind } from './product-kind';
import { Product } from './product.entity';
import { parseTitle } from './title';
import { writeVersion } from './write-version';

@InputType()
export class CreateProductInput {
  @Field(() => ID) communityId!: string;
  @Field(() => ProductKind) kind!: ProductKind;
  @Field(() => String, { description: 'Plain text, 1 to 200 characters.' }) title!: string;
  @Field(() => [PriceInput]) prices!: PriceInput[];
}

export const CreateProductResult = createUnionType({
  name: 'CreateProductResult',
  types: () => [Product, NotCatalogueManager, InvalidTitle, InvalidPrices] as const,
});

/** Puts something on sale in a community, by its owner or an administrator. */
export const createProduct = useCase(
  async (tx, input: CreateProductInput): Promise<typeof CreateProductResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(input.communityId)) return new NotCatalogueManager();
    const communityId = input.communityId as CommunityId; // has the form of one
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (membership === null || !canManageCatalogue(membership)) return new NotCatalogueManager();
    const title = parseTitle(input.title);
    if (title === null) return new InvalidTitle();
    const offers = parsePriceList(input.kind, input.prices);
    if (offers instanceof InvalidPrices) return offers;

    const product = tx.db.create(Product, {
      id: newId<'Product'>(),
      communityId,
      createdById: membership.memberId,
      kind: input.kind,
      title,
      version: 1,
      createdAt: tx.now,
      archivedAt: null,
    });
    await tx.db.insert(Product, product);
    await writeVersion(tx, product, { offers, byId: membership.memberId });
    return product;
  },
);
