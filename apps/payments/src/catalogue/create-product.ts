import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { membershipOf } from '../communities/membership.queries';
import { InvalidPrices, InvalidTitle, NotCatalogueManager } from './catalogue.errors';
import { canManageCatalogue } from './catalogue.policy';
import { parsePriceList, PriceInput } from './price-list';
import { ProductKind } from './product-kind';
import {
  InvalidTerms,
  parseTerms,
  ProductItemInput,
  RefundPolicyInput,
  writeTerms,
} from './product-terms';
import { Product } from './product.entity';
import { parseTitle } from './title';
import { writeVersion } from './write-version';

@InputType()
export class CreateProductInput {
  @Field(() => ID) communityId!: string;
  @Field(() => ProductKind) kind!: ProductKind;
  @Field(() => String, { description: 'Plain text, 1 to 200 characters.' }) title!: string;
  @Field(() => [PriceInput]) prices!: PriceInput[];

  @Field(() => [ProductItemInput], {
    defaultValue: [],
    description: 'What it unlocks, or which products of the community it bundles.',
  })
  unlocks?: ProductItemInput[];

  @Field(() => Int, {
    nullable: true,
    description: 'How many there are to be had; null for any number.',
  })
  capacity?: number | null;

  @Field(() => RefundPolicyInput, {
    nullable: true,
    description: '14 days, ending the access, by default.',
  })
  refundPolicy?: RefundPolicyInput | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The member who has the creator's share; by default the author of the article, or whoever sells it.",
  })
  earnerId?: string | null;
}

export const CreateProductResult = createUnionType({
  name: 'CreateProductResult',
  types: () => [Product, NotCatalogueManager, InvalidTitle, InvalidPrices, InvalidTerms] as const,
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
    const terms = await parseTerms(tx.db, input);
    if (terms instanceof InvalidTerms) return terms;

    const product = tx.db.create(Product, {
      id: newId<'Product'>(),
      communityId,
      createdById: membership.memberId,
      earnerId: terms.earnerId,
      kind: input.kind,
      title,
      version: 1,
      createdAt: tx.now,
      archivedAt: null,
    });
    await tx.db.insert(Product, product);
    await writeVersion(tx, product, {
      offers,
      byId: membership.memberId,
      refundPolicy: terms.refundPolicy,
    });
    await writeTerms(tx.db, product, terms);
    return product;
  },
);
