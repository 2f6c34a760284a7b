import { badInput, type Ctx } from '@lyceum/platform';
import { Args, Ctx as Context, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Community } from '../communities/community.type';
import { EngagementArgs } from '../engagement/engagement.resolver';
import { requireAnalyst } from './analysts';
import { catalogue } from './catalogue';
import { funnel } from './funnel';
import { growth } from './growth-series';
import {
  GrowthAccount,
  MemberFunnel,
  MetricArgs,
  MetricDefinitionType,
  MetricPoint,
  RangeArgs,
  RetentionArgs,
  RetentionCohort,
} from './metric.types';
import { readMetric, toAsk } from './read-metric';
import { maxOffsets, retention, type Cohort } from './retention';

const forAnalysts = 'For owners, admins and analysts of the community.';

@Resolver(() => Community)
export class MetricResolver {
  @Query(() => [MetricDefinitionType], { description: 'All metrics, with what they mean.' })
  metricDefinitions(): MetricDefinitionType[] {
    return [...catalogue];
  }

  @FieldResolver(() => [MetricPoint], {
    nullable: true,
    description: 'One metric in each interval of the range; at most 1000 intervals.',
  })
  metric(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => MetricArgs) args: MetricArgs,
  ): Promise<readonly MetricPoint[]> {
    return readMetric(ctx, id, args);
  }

  @FieldResolver(() => [GrowthAccount], {
    nullable: true,
    description: `New, retained, returning, dormant and churned members of each interval. ${forAnalysts}`,
  })
  async growthAccounting(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => EngagementArgs) args: EngagementArgs,
  ): Promise<GrowthAccount[]> {
    await requireAnalyst(ctx, id);
    return growth(ctx.db, await toAsk(ctx, id, args));
  }

  @FieldResolver(() => [RetentionCohort], {
    nullable: true,
    description: `Members by the interval of joining, and how many took part since; at most 1000 cohorts. ${forAnalysts}`,
  })
  async retentionCohorts(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => RetentionArgs) args: RetentionArgs,
  ): Promise<RetentionCohort[]> {
    if (args.offsets < 1 || args.offsets > maxOffsets)
      throw badInput(`"offsets" must be between 1 and ${String(maxOffsets)}.`);
    await requireAnalyst(ctx, id);
    const cohorts = await retention(ctx.db, await toAsk(ctx, id, args), args.offsets);
    return cohorts.map(withRates);
  }

  @FieldResolver(() => MemberFunnel, {
    nullable: true,
    description: `How far the members went who joined in the range. ${forAnalysts}`,
  })
  async memberFunnel(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => RangeArgs) args: RangeArgs,
  ): Promise<MemberFunnel> {
    await requireAnalyst(ctx, id);
    return funnel(
      ctx.db,
      await toAsk(ctx, id, { from: args.from, to: args.to, interval: 'month' }),
    );
  }
}

const withRates = ({ date, size, active }: Cohort): RetentionCohort => ({
  date,
  size,
  active,
  rates: size === 0 ? [] : active.map((members) => members / size),
});
