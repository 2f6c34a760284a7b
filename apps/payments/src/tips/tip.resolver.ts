import { isId, type CommunityId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { isVisible } from '../communities/standing';
import { MoneyType, toMoneyType } from '../graph/money.type';
import { tip, TipInput, TipResult, TipTarget } from './tip';

@ObjectType({ description: 'What was given for a post, in one currency.' })
export class TipTotal {
  @Field(() => Int, { description: 'Tips that were paid and not given back.' }) count!: number;
  @Field(() => MoneyType) amount!: MoneyType;
}

@Resolver()
export class TipResolver {
  @Authorized()
  @Scopes('money:write')
  @Mutation(() => TipResult)
  tip(
    @Context() ctx: Ctx,
    @Arg('input', () => TipInput) input: TipInput,
  ): Promise<typeof TipResult> {
    return tip(ctx, input);
  }

  @Query(() => [TipTotal], { nullable: true, description: 'What a post was given, by currency.' })
  async tipTotals(
    @Context() ctx: Ctx,
    @Arg('targetType', () => TipTarget) targetType: TipTarget,
    @Arg('targetId', () => ID) targetId: string,
  ): Promise<readonly TipTotal[]> {
    if (!isId(targetId)) return [];
    const rows = await ctx.db.query<
      { communityId: CommunityId; currency: Currency; count: number; amount: string }[]
    >(
      `SELECT community_id AS "communityId", currency, count(*)::int AS count, sum(amount_minor)::text AS amount
       FROM tip WHERE content_id = $1 AND content_type = $2 AND settled_at IS NOT NULL AND refunded_at IS NULL
       GROUP BY community_id, currency ORDER BY currency`,
      [targetId, targetType],
    );
    const [first] = rows;
    if (first === undefined || !(await isVisible(ctx, first.communityId))) return [];
    return rows.map(({ count, amount, currency }) => ({
      count,
      amount: toMoneyType(money(BigInt(amount), currency)),
    }));
  }
}
