import { badInput, type Ctx } from '@lyceum/platform';
import { GraphQLLocalDate } from 'graphql-scalars';
import {
  Args,
  ArgsType,
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { assertDay } from '../days';
import { loadMetrics, type Metrics } from './engagement.queries';
import { intervalsOf, withoutGaps } from './intervals';

const maxIntervals = 1_000;

export enum EngagementInterval {
  DAY = 'day',
  WEEK = 'week',
  MONTH = 'month',
}
registerEnumType(EngagementInterval, {
  name: 'EngagementInterval',
  description: "Days, weeks (from Monday) and months in the community's time zone.",
});

@ArgsType()
export class EngagementArgs {
  @Field(() => GraphQLLocalDate, { description: 'The first day.' })
  from!: string;

  @Field(() => GraphQLLocalDate, { description: 'The last day, included.' })
  to!: string;

  @Field(() => EngagementInterval, { defaultValue: EngagementInterval.DAY })
  interval!: EngagementInterval;
}

@ObjectType({
  description: 'What happened in a community in an interval; only days of the range count.',
})
export class EngagementMetrics {
  @Field(() => GraphQLLocalDate, { description: 'The first day of the interval.' })
  date!: string;

  @Field(() => Int, { description: 'Distinct members who did anything besides joining.' })
  activeMembers!: number;

  @Field(() => Int) newMembers!: number;
  @Field(() => Int) questions!: number;
  @Field(() => Int) answers!: number;
  @Field(() => Int) comments!: number;

  @Field(() => Int, { description: 'Votes in force, on the day they were cast or last changed.' })
  votes!: number;
}

@Resolver(() => Community)
export class EngagementResolver {
  @FieldResolver(() => [EngagementMetrics], {
    nullable: true,
    description: 'Metrics of each interval of the range, zeros included; at most 1000 intervals.',
  })
  engagement(
    @Root() community: Community,
    @Context() ctx: Ctx,
    @Args(() => EngagementArgs) args: EngagementArgs,
  ): Promise<Metrics[]> {
    return engagement(ctx, community, args);
  }
}

const engagement = async (
  ctx: Ctx,
  community: Community,
  { from, to, interval }: EngagementArgs,
): Promise<Metrics[]> => {
  assertDay('from', from);
  if (from > to) throw badInput('"from" must not be after "to".');
  const starts = intervalsOf({ from, to, interval }, maxIntervals);
  if (starts.length > maxIntervals)
    throw badInput(`At most ${String(maxIntervals)} intervals can be asked for at once.`);
  return withoutGaps(starts, await loadMetrics(ctx, community.id, { from, to, interval }));
};
