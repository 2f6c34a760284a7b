import { isId } from '@lyceum/contracts';
import { parseCurrency, subtract, sum } from '@lyceum/money';
import {
  badInput,
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
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  Float,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Product } from '../catalogue/product.entity';
import { ownMembership } from '../communities/membership.queries';
import { MoneyType, toMoneyType } from '../graph/money.type';
import { canSeeReturns } from './cost.policy';
import { costsOfProduct, figuresByKey, figuresKey } from './cost.queries';
import { isDay } from './day';
import { CostCategory, ProductCost } from './product-cost.entity';
import {
  CostNotFound,
  recordCost,
  RecordCostInput,
  RecordCostResult,
  voidCost,
  VoidCostInput,
  VoidCostResult,
} from './record-cost';
import { returnOn } from './return-on';

const ProductCostConnection = connectionType('ProductCost', () => ProductCost);

@ArgsType()
class FiguresArgs {
  @Field(() => String, { description: 'ISO 4217: figures of different currencies do not mix.' })
  currency!: string;
  @Field(() => String, { nullable: true, description: 'The first day, `YYYY-MM-DD` (UTC).' })
  from?: string | null;
  @Field(() => String, { nullable: true, description: 'The last day, inclusive.' })
  to?: string | null;
}

@ObjectType({ description: 'What was spent on one thing.' })
class CostOfCategory {
  @Field(() => CostCategory) category!: CostCategory;
  @Field(() => MoneyType) amount!: MoneyType;
}

@ObjectType({ description: 'What a product brought in and what it cost, in one currency.' })
class CostAndReturn {
  @Field(() => MoneyType, { description: 'What buyers paid, before fees and shares.' })
  sales!: MoneyType;
  @Field(() => MoneyType, { description: 'What went back to them: refunds and lost disputes.' })
  returned!: MoneyType;
  @Field(() => MoneyType, { description: 'sales − returned.' }) revenue!: MoneyType;
  @Field(() => MoneyType, { description: 'production + operations + promotion.' })
  cost!: MoneyType;
  @Field(() => [CostOfCategory]) costs!: CostOfCategory[];
  @Field(() => Float, { nullable: true, description: 'revenue ÷ cost; null without a cost.' })
  revenueToCost!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: '(revenue − cost) ÷ cost; null without a cost.',
  })
  roi!: number | null;
}

@Resolver(() => Product)
export class ProductCostResolver {
  @Scopes('money:read')
  @FieldResolver(() => CostAndReturn, {
    nullable: true,
    description: 'For who put it on sale, and owners and administrators of the community.',
  })
  async costAndReturn(
    @Root() product: Product,
    @Args(() => FiguresArgs) args: FiguresArgs,
    @Context() ctx: Ctx,
  ): Promise<CostAndReturn | null> {
    await requireInsight(ctx, product);
    const currency = parseCurrency(args.currency);
    const { from = null, to = null } = args;
    if (currency === null) throw badInput('"currency" is not one.');
    if ([from, to].some((day) => day !== null && !isDay(day)))
      throw badInput('A day is YYYY-MM-DD.');
    const key = figuresKey({ productId: product.id, currency, from, to });
    const figures = await load(ctx, figuresByKey, key);
    if (figures === null) return null;
    const revenue = subtract(figures.sales, figures.returned);
    const cost = sum(figures.costs.values(), currency);
    return {
      sales: toMoneyType(figures.sales),
      returned: toMoneyType(figures.returned),
      revenue: toMoneyType(revenue),
      cost: toMoneyType(cost),
      costs: [...figures.costs].map(([category, amount]) => ({
        category,
        amount: toMoneyType(amount),
      })),
      ...returnOn({ revenue, cost }),
    };
  }

  @Scopes('money:read')
  @FieldResolver(() => ProductCostConnection, {
    nullable: true,
    description: 'Newest first; for who put it on sale, owners and administrators.',
  })
  async costs(
    @Root() product: Product,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<ProductCost>> {
    await requireInsight(ctx, product);
    return costsOfProduct(ctx.db, product, page);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => RecordCostResult)
  recordCost(
    @Context() ctx: Ctx,
    @Arg('input', () => RecordCostInput) input: RecordCostInput,
  ): Promise<typeof RecordCostResult> {
    return recordCost(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => VoidCostResult)
  async voidCost(
    @Context() ctx: Ctx,
    @Arg('input', () => VoidCostInput) input: VoidCostInput,
  ): Promise<typeof VoidCostResult> {
    return isId(input.costId) ? voidCost(ctx, input) : new CostNotFound();
  }
}

const requireInsight = async (ctx: Ctx, product: Product): Promise<void> => {
  requireUser(ctx);
  const membership = await ownMembership(ctx, product.communityId);
  if (!canSeeReturns(membership, product))
    throw forbidden('Only who sells a product knows what it costs.');
};
