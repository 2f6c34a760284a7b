import { UserError } from '@lyceum/platform';
import { GraphQLLocalDate } from 'graphql-scalars';
import {
  ArgsType,
  createUnionType,
  Field,
  Float,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from 'type-graphql';
import { MetricInputInvalid, NotAnalyst } from '../downloads/download.types';
import type { Interval } from '../engagement/engagement.queries';
import { EngagementInterval } from '../engagement/engagement.resolver';
import { Member } from '../members/member.type';
import { behaviours, type Behaviour } from './interest';

@ObjectType({ description: 'A number with its name.' })
export class ModelFigure {
  @Field(() => String) name!: string;
  @Field(() => Float, { nullable: true }) value!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Where it is an estimate: the lower end of its interval.',
  })
  low?: number | null | undefined;
  @Field(() => Float, { nullable: true, description: 'The upper end.' })
  high?: number | null | undefined;
}

@ObjectType()
export class ScoredMember {
  @Field(() => Member, { nullable: true }) member!: Member;
  @Field(() => Float) score!: number;
}

@ObjectType({ description: 'What a model says, with all that is needed to judge it.' })
export class ModelReport {
  @Field(() => String) model!: string;
  @Field(() => String) formula!: string;
  @Field(() => [ModelFigure]) inputs!: readonly ModelFigure[];
  @Field(() => [ModelFigure]) outputs!: readonly ModelFigure[];
  @Field(() => String, { description: 'In which cases it is wrong, or easily misread.' })
  caveat!: string;
  @Field(() => String, {
    nullable: true,
    description: 'What follows, from a model that gives advice.',
  })
  advice!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Why there are no outputs, when there are none.',
  })
  refusal!: string | null;
  @Field(() => [ScoredMember], {
    description: 'From models that judge members: those with the highest scores.',
  })
  members!: readonly ScoredMember[];
  @Field(() => Date) computedAt!: Date;
}

export const BehaviourType = Object.fromEntries(
  behaviours.map((name) => [name.toUpperCase().replaceAll('-', '_'), name]),
) as Record<string, Behaviour>;
registerEnumType(BehaviourType, {
  name: 'MemberBehaviour',
  description: 'What a column of the behaviour matrix counts.',
});

@ObjectType()
export class BehaviourTimes {
  @Field(() => BehaviourType) behaviour!: Behaviour;
  @Field(() => Int) times!: number;
}

@ObjectType({ description: 'A row of the behaviour matrix, and the interest it shows.' })
export class InterestedMember {
  @Field(() => Member, { nullable: true }) member!: Member;
  @Field(() => Float, { description: 'Sum of weight times count, over all behaviours.' })
  interest!: number;
  @Field(() => [BehaviourTimes]) behaviours!: readonly BehaviourTimes[];
}

@ObjectType()
export class BehaviourWeight {
  @Field(() => BehaviourType) behaviour!: Behaviour;
  @Field(() => Float) weight!: number;
}

@ObjectType({ description: 'What each behaviour says about interest.' })
export class InterestWeights {
  @Field(() => Int, {
    description: '0 for those that come with the platform; each change is one more.',
  })
  version!: number;
  @Field(() => [BehaviourWeight]) weights!: readonly BehaviourWeight[];
  @Field(() => Date, { nullable: true }) setAt!: Date | null;
}

@ObjectType()
export class InterestRanking {
  @Field(() => InterestWeights) weights!: InterestWeights;
  @Field(() => [InterestedMember], { description: 'The highest interest first.' })
  members!: readonly InterestedMember[];
}

@InputType()
export class BehaviourWeightInput {
  @Field(() => BehaviourType) behaviour!: Behaviour;
  @Field(() => Float, { description: '0 to 1000.' }) weight!: number;
}

@InputType()
export class SetInterestWeightsInput {
  @Field(() => ID) communityId!: string;
  @Field(() => [BehaviourWeightInput], { description: 'Those that are not named keep theirs.' })
  weights!: BehaviourWeightInput[];
  @Field(() => Int, { description: 'The version that this changes.' }) version!: number;
}

@ObjectType({ implements: UserError })
export class InterestWeightsChanged extends UserError {
  readonly code = 'WEIGHTS_CHANGED' as const;
  readonly message = 'Somebody else has changed the weights meanwhile.';
  @Field(() => Int) readonly version: number;

  constructor(version: number) {
    super();
    this.version = version;
  }
}

export const SetInterestWeightsResult = createUnionType({
  name: 'SetInterestWeightsResult',
  types: () => [InterestWeights, NotAnalyst, MetricInputInvalid, InterestWeightsChanged] as const,
});

@ArgsType()
export class CommunityValueArgs {
  @Field(() => GraphQLLocalDate) from!: string;
  @Field(() => GraphQLLocalDate, { description: 'Included.' }) to!: string;
  @Field(() => EngagementInterval, { defaultValue: EngagementInterval.MONTH }) interval!: Interval;

  @Field(() => [Float], {
    nullable: true,
    description:
      'What the community was worth in each interval, by a survey or by revenue: α and β are fitted to it.',
  })
  measured?: number[] | null;
}

@ArgsType()
export class GrowthPlanArgs {
  @Field(() => Int, { defaultValue: 12, description: 'Months ahead, 1 to 120.' }) periods!: number;
  @Field(() => Float) budget!: number;
  @Field(() => Float, { description: 'What it costs to have content grow by 100 % a month.' })
  qualityCost!: number;
  @Field(() => Float, { description: 'What it costs to have activity grow by 100 % a month.' })
  activityCost!: number;
  @Field(() => Float, { defaultValue: 1 }) alpha!: number;
  @Field(() => Float, { defaultValue: 1 }) beta!: number;
}
