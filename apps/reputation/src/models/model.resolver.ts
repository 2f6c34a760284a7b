import type { CommunityId } from '@lyceum/contracts';
import { badInput, Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Int,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { aMember } from '../members/member.type';
import { requireAnalyst } from '../metrics/analysts';
import { communityToday, toAsk } from '../metrics/read-metric';
import { query } from '../sql';
import { wholeMonths } from './growth-report';
import { behaviours } from './interest';
import { setInterestWeights, toInterestWeights, weightsOf } from './interest-weights';
import { interestedMembers } from './member-behaviour';
import {
  CommunityValueArgs,
  GrowthPlanArgs,
  InterestRanking,
  ModelReport,
  SetInterestWeightsInput,
  SetInterestWeightsResult,
} from './model.types';
import type { Report } from './report';
import { planReport, standings, valueReport } from './value-report';

const forAnalysts = 'For owners, admins and analysts of the community.';

@Resolver(() => Community)
export class ModelResolver {
  @FieldResolver(() => [ModelReport], {
    nullable: true,
    description: `The growth forecast, churn and the operating rule, as workers computed them last; within two hours of a change. ${forAnalysts}`,
  })
  async modelReports(@Root() { id }: Community, @Context() ctx: Ctx): Promise<ModelReport[]> {
    await requireAnalyst(ctx, id);
    const rows = await query<{ report: Report; computedAt: Date }>(
      ctx.db,
      'SELECT report, computed_at AS "computedAt" FROM model_report WHERE community_id = $1 ORDER BY model',
      [id],
    );
    return rows.map(({ report, computedAt }) => toReport(report, computedAt));
  }

  @FieldResolver(() => ModelReport, {
    nullable: true,
    description: `V = Q^α · A^β of each interval, at most 1000; with α and β fitted to measured values, where there are any. ${forAnalysts}`,
  })
  async communityValue(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => CommunityValueArgs) { measured, ...range }: CommunityValueArgs,
  ): Promise<ModelReport> {
    await requireAnalyst(ctx, id);
    const points = await standings(ctx.db, await toAsk(ctx, id, range));
    if (measured != null && measured.length !== points.length)
      throw badInput(
        `"measured" must have a value for each of the ${String(points.length)} intervals.`,
      );
    return toReport(valueReport(points, measured ?? null), ctx.deps.now());
  }

  @FieldResolver(() => ModelReport, {
    nullable: true,
    description: `How to divide a budget between content and activity, from the last whole month on. ${forAnalysts}`,
  })
  async growthPlan(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => GrowthPlanArgs) plan: GrowthPlanArgs,
  ): Promise<ModelReport> {
    await requireAnalyst(ctx, id);
    assertPlan(plan);
    const month = wholeMonths(await communityToday(ctx, id), 1);
    const [start] = await standings(ctx.db, await toAsk(ctx, id, { ...month, interval: 'month' }));
    const { periods, budget, qualityCost, activityCost, alpha, beta } = plan;
    const asked = { periods, budget, qualityCost, activityCost, alpha, beta };
    return toReport(planReport(start, asked), ctx.deps.now());
  }

  @FieldResolver(() => InterestRanking, {
    nullable: true,
    description: `Members by interest: Σ weight · count over all that they ever did. ${forAnalysts}`,
  })
  async interest(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
  ): Promise<InterestRanking> {
    if (first < 1 || first > 100) throw badInput('"first" must be between 1 and 100.');
    await requireAnalyst(ctx, id);
    return interest(ctx, id, first);
  }

  @Authorized()
  @Scopes('analytics:read', 'write')
  @Mutation(() => SetInterestWeightsResult, {
    nullable: true,
    description: `Says what behaviours tell about interest. ${forAnalysts}`,
  })
  setInterestWeights(
    @Context() ctx: Ctx,
    @Arg('input', () => SetInterestWeightsInput) input: SetInterestWeightsInput,
  ): Promise<typeof SetInterestWeightsResult> {
    return setInterestWeights(ctx, input);
  }
}

export const toReport = (report: Report, computedAt: Date): ModelReport => ({
  ...report,
  computedAt,
  advice: report.advice ?? null,
  refusal: report.refusal ?? null,
  members: (report.members ?? []).map(({ memberId, score }) => ({
    member: aMember(memberId),
    score,
  })),
});

const interest = async (ctx: Ctx, id: CommunityId, first: number): Promise<InterestRanking> => {
  const inForce = await weightsOf(ctx.db, id);
  const members = await interestedMembers(ctx.db, id, { weights: inForce.weights, first });
  return {
    weights: toInterestWeights(inForce),
    members: members.map(({ memberId, row, interest: sum }) => ({
      member: aMember(memberId),
      interest: sum,
      behaviours: behaviours.flatMap((behaviour) => {
        const times = row[behaviour];
        return times === undefined ? [] : [{ behaviour, times }];
      }),
    })),
  };
};

const assertPlan = ({ periods, alpha, beta, ...costs }: GrowthPlanArgs): void => {
  if (periods < 1 || periods > 120) throw badInput('"periods" must be between 1 and 120.');
  if (!(alpha >= 0 && alpha <= 10 && beta >= 0 && beta <= 10))
    throw badInput('"alpha" and "beta" must be between 0 and 10.');
  if (!(costs.budget >= 0 && costs.qualityCost > 0 && costs.activityCost > 0))
    throw badInput('A plan needs a budget, and growth that costs something.');
  if (Math.max(costs.budget / costs.qualityCost, costs.budget / costs.activityCost) > 10)
    throw badInput(
      'The budget buys growth of more than 1000 % a month: the costs are too low to plan with.',
    );
};
