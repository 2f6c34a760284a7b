import { GraphQLLocalDate } from 'graphql-scalars';
import { ArgsType, Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { EngagementArgs } from '../engagement/engagement.resolver';
import type { Segment } from './ask';
import { catalogue } from './catalogue';

export const MetricName = Object.fromEntries(
  catalogue.map(({ name }) => [name.toUpperCase(), name]),
);
registerEnumType(MetricName, {
  name: 'MetricName',
  description: 'What can be measured; `metricDefinitions` explains each.',
  valuesConfig: Object.fromEntries(
    catalogue.map(({ name, meaning }) => [name.toUpperCase(), { description: meaning }]),
  ),
});

export const MetricSegment = {
  NEWCOMERS: 'newcomers',
  ESTABLISHED: 'established',
} as const satisfies Record<string, Segment>;
registerEnumType(MetricSegment, {
  name: 'MetricSegment',
  description: 'Which members count, by how long ago they had joined on the day in question.',
  valuesConfig: {
    NEWCOMERS: { description: 'In their first 30 days, the day of joining included.' },
    ESTABLISHED: { description: 'All others, who is not known to have joined among them.' },
  },
});

@ArgsType()
export class MetricArgs extends EngagementArgs {
  @Field(() => MetricName) name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Only what happened below questions that were asked with this tag.',
  })
  tag?: string | null;

  @Field(() => MetricSegment, { nullable: true }) segment?: Segment | null;
}

@ObjectType({ description: 'The value of a metric in one interval.' })
export class MetricPoint {
  @Field(() => GraphQLLocalDate, { description: 'The first day of the interval.' })
  date!: string;

  @Field(() => Float, { nullable: true, description: 'Null where it is not defined.' })
  value!: number | null;
}

@ObjectType('MetricDefinition', { description: 'What a metric is, and how it is computed.' })
export class MetricDefinitionType {
  @Field(() => MetricName) name!: string;
  @Field(() => String) meaning!: string;
  @Field(() => String) formula!: string;
  @Field(() => String) unit!: string;
  @Field(() => String, { description: 'Which facts it is computed from.' }) source!: string;
  @Field(() => String, { description: 'How it is kept up to date.' }) refresh!: string;

  @Field(() => Boolean, {
    description: 'Else it is for owners, admins and analysts of the community.',
  })
  isPublic!: boolean;

  @Field(() => [String], { description: 'By what it can be broken down: "tag", "segment".' })
  dimensions!: readonly string[];
}

@ObjectType({ description: 'Everybody who has ever taken part in a community, each in one state.' })
export class GrowthAccount {
  @Field(() => GraphQLLocalDate, { description: 'The first day of the interval.' })
  date!: string;

  @Field(() => Int, { description: 'Took part for the first time.' }) newcomers!: number;
  @Field(() => Int, { description: 'Took part in the interval before, too.' }) retained!: number;
  @Field(() => Int, { description: 'Took part earlier, but not in the interval before.' })
  returning!: number;
  @Field(() => Int, { description: 'Took no part; did in one of the three intervals before.' })
  dormant!: number;
  @Field(() => Int, { description: 'Took no part for longer.' }) churned!: number;
}

@ObjectType({ description: 'Members who joined in the same interval.' })
export class RetentionCohort {
  @Field(() => GraphQLLocalDate, { description: 'The first day of the interval of joining.' })
  date!: string;

  @Field(() => Int) size!: number;

  @Field(() => [Int], {
    description:
      'How many took part in the interval of joining, the one after it, and so on; up to the one that runs now.',
  })
  active!: readonly number[];

  @Field(() => [Float], { description: '`active` as shares of `size`; empty without members.' })
  rates!: readonly number[];
}

@ObjectType({
  description: 'How far members who joined in a range went. Each step asks for all before it.',
})
export class MemberFunnel {
  @Field(() => Int) joined!: number;
  @Field(() => Int, { description: 'Did anything besides joining.' }) tookPart!: number;
  @Field(() => Int, { description: 'Wrote a question, an answer, a comment or an article.' })
  contributed!: number;
  @Field(() => Int, { description: 'Took part on two days at least.' }) cameBack!: number;
  @Field(() => Int, { description: 'Took part 30 days after joining, or later.' }) stayed!: number;
}

@ArgsType()
export class RetentionArgs extends EngagementArgs {
  @Field(() => Int, { defaultValue: 12, description: 'How many intervals after joining, 1 to 60.' })
  offsets!: number;
}

@ArgsType()
export class RangeArgs {
  @Field(() => GraphQLLocalDate, { description: 'The first day.' }) from!: string;
  @Field(() => GraphQLLocalDate, { description: 'The last day, included.' }) to!: string;
}
