import { UserError } from '@lyceum/platform';
import { GraphQLLocalDate } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Interval } from '../engagement/engagement.queries';
import { EngagementInterval } from '../engagement/engagement.resolver';
import type { Segment } from '../metrics/ask';
import { MetricName, MetricSegment } from '../metrics/metric.types';

export enum DownloadFormat {
  CSV = 'csv',
  NDJSON = 'ndjson',
}
registerEnumType(DownloadFormat, {
  name: 'DownloadFormat',
  description: 'A table with a header line (RFC 4180), or a JSON object a line.',
});

@InputType()
export class MetricDownloadInput {
  @Field(() => ID) communityId!: string;
  @Field(() => [MetricName], { description: 'One to all of them.' }) names!: string[];
  @Field(() => GraphQLLocalDate, { description: 'The first day.' }) from!: string;
  @Field(() => GraphQLLocalDate, { description: 'The last day, included.' }) to!: string;
  @Field(() => EngagementInterval, { defaultValue: EngagementInterval.DAY }) interval!: Interval;
  @Field(() => String, { nullable: true }) tag?: string | null;
  @Field(() => MetricSegment, { nullable: true }) segment?: Segment | null;
  @Field(() => DownloadFormat, { defaultValue: DownloadFormat.CSV }) format!: DownloadFormat;
}

@ObjectType({ description: 'Where metrics can be fetched from.' })
export class MetricDownload {
  @Field(() => String, {
    description: 'A path of this server. Who has it may fetch it, so it is not for passing on.',
  })
  path!: string;

  @Field(() => Date) expiresAt!: Date;
}

@ObjectType({ implements: UserError })
export class NotAnalyst extends UserError {
  readonly code = 'NOT_ANALYST' as const;
  readonly message = 'This is for owners, admins and analysts of the community.';
}

@ObjectType({ implements: UserError })
export class MetricInputInvalid extends UserError {
  readonly code = 'INPUT_INVALID' as const;
  @Field(() => String) readonly message: string;
  @Field(() => String, { description: 'Which part of the input.' }) readonly field: string;

  constructor(field: string, message: string) {
    super();
    this.field = field;
    this.message = message;
  }
}

export const MetricDownloadResult = createUnionType({
  name: 'MetricDownloadResult',
  types: () => [MetricDownload, NotAnalyst, MetricInputInvalid] as const,
});
