import type { Ctx } from '@lyceum/platform';
import { GraphQLLocalDate } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx as Context,
  Field,
  FieldResolver,
  Float,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { EngagementArgs } from '../engagement/engagement.resolver';
import { requireAnalyst } from '../metrics/analysts';
import { askSql, intervalOf } from '../metrics/ask';
import { toAsk } from '../metrics/read-metric';
import { RecordBehaviourInput, RecordBehaviourResult } from './behaviour.types';
import { recordBehaviour } from './record-behaviour';

@ObjectType({ description: 'What people looked at in an interval.' })
export class BehaviourCounts {
  @Field(() => GraphQLLocalDate, { description: 'The first day of the interval.' }) date!: string;

  @Field(() => Int, { description: 'A view counts once a viewer, post and day.' }) views!: number;
  @Field(() => Int, { description: 'By authors of their own posts, each.' }) selfViews!: number;
  @Field(() => Int, { description: 'By programs that say so, each.' }) crawlerViews!: number;
  @Field(() => Int) reads!: number;
  @Field(() => Float) hoursRead!: number;
  @Field(() => Int) shares!: number;
  @Field(() => Int) clicks!: number;
}

@Resolver(() => Community)
export class BehaviourResolver {
  @Mutation(() => RecordBehaviourResult, {
    nullable: true,
    description:
      'Tells what somebody viewed, read, shared or clicked, in batches; for members and visitors alike. Telling an event twice counts it once.',
  })
  recordBehaviour(
    @Context() ctx: Ctx,
    @Arg('input', () => RecordBehaviourInput) input: RecordBehaviourInput,
  ): Promise<typeof RecordBehaviourResult> {
    return recordBehaviour(ctx, input);
  }

  @FieldResolver(() => [BehaviourCounts], {
    nullable: true,
    description:
      'Views, reading, shares and clicks of each interval; at most 1000. For owners, admins and analysts of the community.',
  })
  async behaviour(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => EngagementArgs) args: EngagementArgs,
  ): Promise<BehaviourCounts[]> {
    await requireAnalyst(ctx, id);
    return askSql<BehaviourCounts>(ctx.db, await toAsk(ctx, id, args), { sql: counts });
  }
}

const counts = `
  counted AS (
    SELECT ${intervalOf('day')} AS date, sum(views) AS views, sum(self_views) AS self_views,
      sum(crawler_views) AS crawler_views, sum(reads) AS reads, sum(read_ms) AS read_ms, sum(shares) AS shares,
      sum(clicks) AS clicks
    FROM behaviour_day WHERE community_id = $1 AND day BETWEEN $2 AND $3 GROUP BY 1
  )
  SELECT date::text AS date, coalesce(views, 0)::int AS views, coalesce(self_views, 0)::int AS "selfViews",
    coalesce(crawler_views, 0)::int AS "crawlerViews", coalesce(reads, 0)::int AS reads,
    coalesce(read_ms, 0)::float8 / 3600000 AS "hoursRead", coalesce(shares, 0)::int AS shares,
    coalesce(clicks, 0)::int AS clicks
  FROM intervals LEFT JOIN counted USING (date) ORDER BY date`;
