import { isId, type CommunityId } from '@lyceum/contracts';
import { subtract } from '@lyceum/money';
import {
  connectionType,
  forbidden,
  load,
  PageArgs,
  requireUser,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  createUnionType,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Price } from '../catalogue/price.entity';
import { BillingInterval } from '../catalogue/product-kind';
import { Product, type ProductId } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { visibleProduct } from '../catalogue/visible-product';
import { Community } from '../communities/community.type';
import { ownMembership } from '../communities/membership.queries';
import { learnStanding } from '../communities/standing';
import { MoneyType, toMoneyType } from '../graph/money.type';
import {
  CouponDoesNotApply,
  CouponNotFound,
  CouponNotInForce,
  CouponUsedBefore,
  CouponUsedUp,
} from './coupon.errors';
import { Coupon } from './coupon.entity';
import { couponsOfCommunity, usesByCoupon } from './coupon.queries';
import {
  createCoupon,
  CreateCouponInput,
  CreateCouponResult,
  disableCoupon,
  DisableCouponInput,
  DisableCouponResult,
} from './create-coupon';
import { accountKey } from './customer-keys';
import { quoteCoupon } from './reserve-coupon';

const CouponConnection = connectionType('Coupon', () => Coupon);

@ObjectType({ description: 'What a coupon took off, in one currency.' })
class CouponSavings {
  @Field(() => Int, { description: 'Orders that were canceled or refunded in full do not count.' })
  uses!: number;
  @Field(() => MoneyType) discount!: MoneyType;
}

@InputType()
class CouponQuoteInput {
  @Field(() => String) code!: string;
  @Field(() => ID) productId!: string;
  @Field(() => ID, { description: 'One of the prices on sale.' }) priceId!: string;
}

@ObjectType({ description: 'What something would cost with a coupon; nothing is used by asking.' })
class CouponQuote {
  @Field(() => MoneyType) price!: MoneyType;
  @Field(() => MoneyType) discount!: MoneyType;
  @Field(() => MoneyType) total!: MoneyType;
  @Field(() => Int, { nullable: true, description: 'Days that cost nothing at the beginning.' })
  trialDays!: number | null;
}

const CouponQuoteResult = createUnionType({
  name: 'CouponQuoteResult',
  types: () =>
    [
      CouponQuote,
      CouponNotFound,
      CouponNotInForce,
      CouponDoesNotApply,
      CouponUsedUp,
      CouponUsedBefore,
    ] as const,
});

@Resolver(() => Coupon)
export class CouponResolver {
  @Authorized()
  @Query(() => CouponQuoteResult, { description: 'What a coupon would do for the caller.' })
  async couponQuote(
    @Context() ctx: Ctx,
    @Arg('input', () => CouponQuoteInput) input: CouponQuoteInput,
  ): Promise<typeof CouponQuoteResult> {
    const { accountId } = requireUser(ctx);
    const product = await visibleProduct(ctx, input.productId);
    const price = product === null ? null : await priceOnSale(ctx, product, input.priceId);
    if (product === null || price === null) return new CouponDoesNotApply();
    const quote = await quoteCoupon(
      ctx.db,
      {
        code: input.code,
        communityId: product.communityId,
        customerKeys: [accountKey(accountId)],
        orderId: '',
        lines: [{ productId: product.id, amount: price.amount }],
        interval: price.interval === BillingInterval.ONE_OFF ? null : price.interval,
      },
      ctx.deps.now(),
    );
    if (!('coupon' in quote)) return quote;
    const [discount = price.amount] = quote.discounts;
    return Object.assign(new CouponQuote(), {
      price: toMoneyType(price.amount),
      discount: toMoneyType(discount),
      total: toMoneyType(subtract(price.amount, discount)),
      trialDays: quote.coupon.trialDays,
    });
  }

  @FieldResolver(() => [Product], { description: 'None are all that the community sells.' })
  async products(@Root() { productIds }: Coupon, @Context() ctx: Ctx): Promise<readonly Product[]> {
    const products = await Promise.all(
      productIds.map((id: ProductId) => load(ctx, productsById, id)),
    );
    return products.filter((product) => product !== null);
  }

  @FieldResolver(() => [CouponSavings], { description: 'By currency.' })
  async savings(@Root() { id }: Coupon, @Context() ctx: Ctx): Promise<readonly CouponSavings[]> {
    const uses = (await load(ctx, usesByCoupon, id)) ?? [];
    return uses.map((use) => ({ uses: use.uses, discount: toMoneyType(use.discount) }));
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => CreateCouponResult)
  async createCoupon(
    @Context() ctx: Ctx,
    @Arg('input', () => CreateCouponInput) input: CreateCouponInput,
  ): Promise<typeof CreateCouponResult> {
    if (isId(input.communityId)) await learnStanding(ctx, input.communityId as CommunityId);
    return createCoupon(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => DisableCouponResult)
  disableCoupon(
    @Context() ctx: Ctx,
    @Arg('input', () => DisableCouponInput) input: DisableCouponInput,
  ): Promise<typeof DisableCouponResult> {
    return disableCoupon(ctx, input);
  }
}

const priceOnSale = (ctx: Ctx, product: Product, priceId: string): Promise<Price | null> =>
  isId(priceId)
    ? ctx.db.findOneBy(Price, {
        id: priceId as Price['id'],
        productId: product.id,
        version: product.version,
      })
    : Promise.resolve(null);

@Resolver(() => Community)
export class CommunityCouponResolver {
  @Scopes('money:read')
  @FieldResolver(() => CouponConnection, {
    nullable: true,
    description: 'Newest first; for owners and administrators, because codes are worth money.',
  })
  async coupons(
    @Root() { id }: Community,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<Coupon>> {
    requireUser(ctx);
    if (!canManageCatalogue(await ownMembership(ctx, id)))
      throw forbidden("Only the community's owner and administrators see its coupons.");
    return couponsOfCommunity(ctx.db, id, page);
  }
}
