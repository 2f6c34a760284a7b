import { isId, type CommunityId } from '@lyceum/contracts';
import {
  connectionType,
  load,
  notFound,
  PageArgs,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Community, Member } from '../communities/community.type';
import { isVisible, learnStanding } from '../communities/standing';
import { RefundPolicy } from '../orders/order.type';
import { archiveProduct, ArchiveProductInput, ArchiveProductResult } from './archive-product';
import { createProduct, CreateProductInput, CreateProductResult } from './create-product';
import { Price } from './price.entity';
import { ProductVersion } from './product-version.entity';
import { Product } from './product.entity';
import {
  pricesByVersion,
  productsOfCommunity,
  refundPolicies,
  versionKey,
  versionsOfProduct,
} from './product.queries';
import { visibleProduct } from './visible-product';
import { updatePrice, UpdatePriceInput, UpdatePriceResult } from './update-price';

const ProductConnection = connectionType('Product', () => Product);
const ProductVersionConnection = connectionType('ProductVersion', () => ProductVersion);

const emptyConnection = (): Connection<never> => ({
  edges: [],
  pageInfo: { hasNextPage: false, endCursor: null },
});

@ArgsType()
class ProductsArgs extends PageArgs {
  @Field(() => Boolean, { defaultValue: false, description: 'Those taken off sale instead.' })
  isArchived!: boolean;
}

@Resolver(() => Product)
export class ProductResolver {
  @Query(() => Product, {
    nullable: true,
    description: 'Also when it is archived: what was bought stays readable.',
  })
  async product(@Context() ctx: Ctx, @Arg('id', () => ID) id: string): Promise<Product> {
    const product = await visibleProduct(ctx, id);
    if (product === null) throw notFound('There is no such product.');
    return product;
  }

  @FieldResolver(() => Community)
  community(@Root() product: Product): Community {
    return { id: product.communityId };
  }

  @FieldResolver(() => Member, { description: 'Who put it on sale.' })
  createdBy(@Root() product: Product): Member {
    return { id: product.createdById };
  }

  @FieldResolver(() => [Price], { description: 'The ways to pay for it now.' })
  async prices(@Root() product: Product, @Context() ctx: Ctx): Promise<readonly Price[]> {
    return (await load(ctx, pricesByVersion, versionKey(product.id, product.version))) ?? [];
  }

  @FieldResolver(() => RefundPolicy, {
    nullable: true,
    description: 'What who buys it now can rely on.',
  })
  refundPolicy(@Root() product: Product, @Context() ctx: Ctx): Promise<RefundPolicy | null> {
    return load(ctx, refundPolicies, versionKey(product.id, product.version));
  }

  @FieldResolver(() => ProductVersionConnection, { description: 'Newest first.' })
  versions(
    @Root() product: Product,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<ProductVersion>> {
    return versionsOfProduct(ctx.db, product, page);
  }

  @Authorized()
  @Mutation(() => CreateProductResult)
  async createProduct(
    @Context() ctx: Ctx,
    @Arg('input', () => CreateProductInput) input: CreateProductInput,
  ): Promise<typeof CreateProductResult> {
    if (isId(input.communityId)) await learnStanding(ctx, input.communityId as CommunityId);
    return createProduct(ctx, input);
  }

  @Authorized()
  @Mutation(() => UpdatePriceResult)
  updatePrice(
    @Context() ctx: Ctx,
    @Arg('input', () => UpdatePriceInput) input: UpdatePriceInput,
  ): Promise<typeof UpdatePriceResult> {
    return updatePrice(ctx, input);
  }

  @Authorized()
  @Mutation(() => ArchiveProductResult)
  archiveProduct(
    @Context() ctx: Ctx,
    @Arg('input', () => ArchiveProductInput) input: ArchiveProductInput,
  ): Promise<typeof ArchiveProductResult> {
    return archiveProduct(ctx, input);
  }
}

@Resolver(() => ProductVersion)
export class ProductVersionResolver {
  @FieldResolver(() => [Price])
  async prices(@Root() version: ProductVersion, @Context() ctx: Ctx): Promise<readonly Price[]> {
    return (await load(ctx, pricesByVersion, versionKey(version.productId, version.number))) ?? [];
  }
}

@Resolver(() => Community)
export class CommunityCatalogueResolver {
  @FieldResolver(() => ProductConnection, {
    nullable: true,
    description: 'What it sells, newest first.',
  })
  async products(
    @Root() community: Community,
    @Args(() => ProductsArgs) { isArchived, ...page }: ProductsArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<Product>> {
    if (!(await isVisible(ctx, community.id))) return emptyConnection();
    return productsOfCommunity(ctx.db, { communityId: community.id, isArchived }, page);
  }
}
