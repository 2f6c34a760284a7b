import { isId, type ArticleId } from '@lyceum/contracts';
import { groupBy, load, requireUser, type BatchQuery, type Ctx } from '@lyceum/platform';
import {
  Authorized,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { In } from 'typeorm';
import { Product } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { isVisible } from '../communities/standing';
import { Entitlement, entitlementColumns } from './entitlement.type';

/** Content's article; here it gets what would unlock it. */
@Directive('@key(fields: "id")')
@ObjectType('Article')
export class Article {
  @Field(() => ID) id!: ArticleId;
}

@Resolver(() => Entitlement)
export class EntitlementResolver {
  @Authorized()
  @Query(() => [Entitlement], {
    nullable: true,
    description: 'What the caller may use now, newest first; at most 500.',
  })
  viewerEntitlements(@Context() ctx: Ctx): Promise<Entitlement[]> {
    return ctx.db.query<Entitlement[]>(
      `SELECT ${entitlementColumns} FROM entitlement
       WHERE account_id = $1 AND status <> 'revoked' AND (ends_at IS NULL OR ends_at > $2) ORDER BY id DESC LIMIT 500`,
      [requireUser(ctx).accountId, ctx.deps.now()],
    );
  }

  @FieldResolver(() => Product, { nullable: true })
  product(@Root() { productId }: Entitlement, @Context() ctx: Ctx): Promise<Product | null> {
    return load(ctx, productsById, productId);
  }
}

/** Products on sale that open each of these articles: its own, bundles with it, memberships of its community. */
const offersByArticle: BatchQuery<string, readonly Product[]> = async (ctx, ids) => {
  const rows = await ctx.db.query<{ articleId: string; productId: Product['id'] }[]>(
    `WITH own AS (
       SELECT subject_id AS article_id, product_id FROM product_item
       WHERE subject_type = 'article' AND subject_id = ANY($1::uuid[])
     )
     SELECT article_id AS "articleId", product_id AS "productId" FROM own
     UNION SELECT own.article_id, item.product_id FROM own
       JOIN product_item AS item ON item.subject_type = 'product' AND item.subject_id = own.product_id
     UNION SELECT article.article_id, product.id FROM paid_article AS article
       JOIN product ON product.community_id = article.community_id AND product.kind = 'membership'
       WHERE article.article_id = ANY($1::uuid[]) AND article.is_paid AND product.archived_at IS NULL`,
    [ids.filter(isId)],
  );
  const products = await ctx.db.findBy(Product, { id: In(rows.map(({ productId }) => productId)) });
  const byId = new Map(products.map((product) => [product.id, product]));
  const visible = new Set<Product>();
  for (const product of products)
    if (!product.isArchived && (await isVisible(ctx, product.communityId))) visible.add(product);
  const offers = rows.flatMap(({ articleId, productId }) => {
    const product = byId.get(productId);
    return product !== undefined && visible.has(product) ? [{ articleId, product }] : [];
  });
  const grouped = groupBy(offers, ({ articleId }) => articleId);
  return new Map(
    [...grouped].map(([articleId, list]) => [articleId, list.map(({ product }) => product)]),
  );
};

@Resolver(() => Article)
export class ArticleOffersResolver {
  @FieldResolver(() => [Product], {
    nullable: true,
    description: 'What one can buy to read it: the article itself, a bundle, a membership.',
  })
  async offers(@Root() { id }: Article, @Context() ctx: Ctx): Promise<readonly Product[]> {
    return (await load(ctx, offersByArticle, id)) ?? [];
  }
}

const owned: BatchQuery<string, Entitlement> = async (ctx, productIds) => {
  if (ctx.actor.kind !== 'user') return new Map();
  const rows = await ctx.db.query<Entitlement[]>(
    `SELECT DISTINCT ON (product_id) ${entitlementColumns} FROM entitlement
     WHERE account_id = $1 AND product_id = ANY($2::uuid[]) AND status <> 'revoked' AND (ends_at IS NULL OR ends_at > $3)
     ORDER BY product_id, status, ends_at DESC NULLS FIRST`,
    [ctx.actor.accountId, productIds, ctx.deps.now()],
  );
  return new Map(rows.map((row) => [row.productId as string, row]));
};

@Resolver(() => Product)
export class ProductEntitlementResolver {
  @FieldResolver(() => Entitlement, {
    nullable: true,
    description: "The caller's right to it, if there is one.",
  })
  viewerEntitlement(@Root() { id }: Product, @Context() ctx: Ctx): Promise<Entitlement | null> {
    return load(ctx, owned, id);
  }
}
