import type { AccountId, CommunityId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';

export enum JoinRequestState {
  PENDING = 'pending',
  APPROVED = 'approved',
  DECLINED = 'declined',
  WITHDRAWN = 'withdrawn',
}
registerEnumType(JoinRequestState, {
  name: 'JoinRequestState',
  description: 'What has become of a request to join.',
});

@ObjectType({ description: "Somebody's wish to join a listed community." })
export class JoinRequest {
  @Field(() => ID) id!: string;
  communityId!: CommunityId;
  accountId!: AccountId;
  @Field(() => String, { description: 'Plain text: escape it to show it.' }) message!: string;
  @Field(() => JoinRequestState) state!: JoinRequestState;
  @Field(() => Date) requestedAt!: Date;
  @Field(() => Date, { nullable: true }) decidedAt!: Date | null;
}

@ObjectType({
  implements: UserError,
  description: 'None that waits, in a community of the caller.',
})
export class JoinRequestNotFound extends UserError {
  readonly code = 'JOIN_REQUEST_NOT_FOUND' as const;
  readonly message = 'There is no such request that waits.';
}

@ObjectType({ implements: UserError, description: 'The community is public: join it.' })
export class NoApprovalNeeded extends UserError {
  readonly code = 'NO_APPROVAL_NEEDED' as const;
  readonly message = 'Everyone may join this community.';
}

@ObjectType({ implements: UserError, description: 'A request was declined a short while ago.' })
export class DeclinedRecently extends UserError {
  readonly code = 'DECLINED_RECENTLY' as const;
  readonly message = 'Your request was declined; you may ask again later.';
  @Field(() => Date) readonly retryAt: Date;
  constructor(retryAt: Date) {
    super();
    this.retryAt = retryAt;
  }
}
