import { UserError } from '@lyceum/platform';
import {
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
import type { Segment } from '../metrics/ask';
import { MetricName, MetricSegment } from '../metrics/metric.types';
import type { AlertState } from './condition';

export enum AlertKind {
  ABOVE = 'above',
  BELOW = 'below',
  RISE = 'rise',
  FALL = 'fall',
  MISSING = 'missing',
}
registerEnumType(AlertKind, {
  name: 'AlertKind',
  description: 'What an alert looks for, in whole intervals: the one that runs is not judged.',
  valuesConfig: {
    ABOVE: { description: 'The value is above `bar`, `intervals` times in a row.' },
    BELOW: { description: 'The value is below `bar`, `intervals` times in a row.' },
    RISE: {
      description: 'It rose by the share `bar` or more from one interval to the next; 0.3 is 30 %.',
    },
    FALL: { description: 'It fell by the share `bar` or more from one interval to the next.' },
    MISSING: { description: 'No value, or zero, `intervals` times in a row.' },
  },
});

export const AlertStateType = { QUIET: 'quiet', FIRING: 'firing' } as const satisfies Record<
  string,
  AlertState
>;
registerEnumType(AlertStateType, { name: 'AlertState', description: 'Whether an alert is on.' });

@InputType()
export class AlertRuleInput {
  @Field(() => ID) communityId!: string;
  @Field(() => String, { description: '1 to 100 characters.' }) name!: string;
  @Field(() => MetricName) metric!: string;
  @Field(() => EngagementInterval, { defaultValue: EngagementInterval.DAY }) interval!: Interval;
  @Field(() => String, { nullable: true }) tag?: string | null;
  @Field(() => MetricSegment, { nullable: true }) segment?: Segment | null;
  @Field(() => AlertKind) kind!: AlertKind;

  @Field(() => Float, { nullable: true, description: 'For all kinds but MISSING.' })
  bar?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The alert is over at this value; by default nine tenths of the bar back. It keeps an alert from fluttering.',
  })
  resolveBar?: number | null;

  @Field(() => Int, { defaultValue: 1, description: '1 to 30, for ABOVE, BELOW and MISSING.' })
  intervals!: number;
}

@ObjectType({ description: 'When an alert began or was over.' })
export class AlertChange {
  @Field(() => AlertStateType) state!: AlertState;
  @Field(() => Date) at!: Date;
  @Field(() => Float, { nullable: true }) value!: number | null;
  @Field(() => String, { description: 'With the numbers, for a person.' }) reason!: string;
}

@ObjectType({ description: 'A bar for a metric, and whether it is passed.' })
export class AlertRule {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => MetricName) metric!: string;
  @Field(() => EngagementInterval) interval!: Interval;
  @Field(() => String, { nullable: true }) tag!: string | null;
  @Field(() => MetricSegment, { nullable: true }) segment!: Segment | null;
  @Field(() => AlertKind) kind!: AlertKind;
  @Field(() => Float, { nullable: true }) bar!: number | null;
  @Field(() => Float, { nullable: true }) resolveBar!: number | null;
  @Field(() => Int) intervals!: number;
  @Field(() => AlertStateType) state!: AlertState;
  @Field(() => Date, {
    nullable: true,
    description: 'Since when it is in this state; null from the start.',
  })
  since!: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was looked at last.' })
  evaluatedAt!: Date | null;
  @Field(() => [AlertChange], { description: 'The latest changes, newest first; 20 at most.' })
  changes!: readonly AlertChange[];
}

@ObjectType({ implements: UserError })
export class AlertRuleNotFound extends UserError {
  readonly code = 'ALERT_RULE_NOT_FOUND' as const;
  readonly message = 'There is no such alert rule.';
}

@ObjectType({ implements: UserError })
export class TooManyAlertRules extends UserError {
  readonly code = 'TOO_MANY_ALERT_RULES' as const;
  readonly message = 'A community has at most 50 alert rules.';
}

@ObjectType()
export class AlertRuleDeleted {
  @Field(() => ID) id!: string;
}

export const CreateAlertRuleResult = createUnionType({
  name: 'CreateAlertRuleResult',
  types: () => [AlertRule, NotAnalyst, MetricInputInvalid, TooManyAlertRules] as const,
});

export const DeleteAlertRuleResult = createUnionType({
  name: 'DeleteAlertRuleResult',
  types: () => [AlertRuleDeleted, AlertRuleNotFound] as const,
});
