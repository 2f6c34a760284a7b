import type { CommunityId, Id } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { Field, ID, Int, ObjectType } from 'type-graphql';

export type WebhookEndpointId = Id<'WebhookEndpoint'>;

@ObjectType({
  description:
    'An address that is told of what happens in a community. Only who manages its catalogue sees it.',
})
export class WebhookEndpoint {
  @Field(() => ID) id!: WebhookEndpointId;
  communityId!: CommunityId;
  @Field(() => String) url!: string;
  @Field(() => [String], {
    description: '`order.paid`, `order.refunded`, `dispute.changed`, `entitlement.changed`.',
  })
  types!: readonly string[];
  @Field(() => Date) createdAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'What messages are signed with (Standard Webhooks). Shown once, when the endpoint is made.',
  })
  secret!: string | null;
}

@ObjectType({ description: 'A message, and how telling it went.' })
export class WebhookDelivery {
  @Field(() => ID) id!: string;
  @Field(() => ID, { description: 'The same at every attempt.' }) messageId!: string;
  @Field(() => String) type!: string;
  @Field(() => String, { description: 'Exactly what is sent, as JSON.' }) body!: string;
  @Field(() => String, { description: '`pending`, `delivered` or `failed`.' }) status!: string;
  @Field(() => Int) attempts!: number;
  @Field(() => Int, { nullable: true, description: 'The HTTP status of the last attempt.' })
  lastStatus!: number | null;
  @Field(() => String, { nullable: true }) lastProblem!: string | null;
  @Field(() => Date, { nullable: true }) nextAttemptAt!: Date | null;
  @Field(() => Date, { nullable: true }) deliveredAt!: Date | null;
  position!: string;
}

@ObjectType({ implements: UserError })
export class InvalidEndpoint extends UserError {
  readonly code = 'INVALID_ENDPOINT' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

@ObjectType({ implements: UserError })
export class EndpointNotFound extends UserError {
  readonly code = 'ENDPOINT_NOT_FOUND' as const;
  readonly message = 'There is no such endpoint, or you do not manage it.';
}
