import { isId, may } from '@lyceum/contracts';
import { Scopes, type Ctx } from '@lyceum/platform';
import { Arg, Authorized, Ctx as Context, ID, Mutation, Query, Resolver } from 'type-graphql';
import { ownMembership } from '../communities/membership.queries';
import { fundPrizePool, FundPrizePoolInput, FundPrizePoolResult } from './fund-prize-pool';
import { PrizePool, prizePoolById } from './prize-pool.type';

@Resolver(() => PrizePool)
export class PrizePoolResolver {
  @Authorized()
  @Scopes('money:read')
  @Query(() => PrizePool, {
    nullable: true,
    description: "A contest's or award's money, by its id; for owners and admins.",
  })
  async prizePool(@Arg('id', () => ID) id: string, @Context() ctx: Ctx): Promise<PrizePool | null> {
    const pool = isId(id) ? await prizePoolById(ctx.db, id) : null;
    const membership = pool && (await ownMembership(ctx, pool.communityId));
    return membership?.status === 'active' && may(membership.role, 'prizes.fund') ? pool : null;
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => FundPrizePoolResult, { description: 'For owners and admins.' })
  fundPrizePool(
    @Context() ctx: Ctx,
    @Arg('input', () => FundPrizePoolInput) input: FundPrizePoolInput,
  ): Promise<typeof FundPrizePoolResult> {
    return fundPrizePool(ctx, input);
  }
}
