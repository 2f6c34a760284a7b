import type { CommunityId, MemberId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'An owner would like a member to own the community.' })
export class OwnershipOffer {
  communityId!: CommunityId;
  fromMemberId!: MemberId;
  toMemberId!: MemberId;
  @Field(() => Boolean, {
    description: 'Whether both own it then; else who offers becomes an administrator.',
  })
  keepsOwn!: boolean;
  @Field(() => Date) offeredAt!: Date;
  @Field(() => Date) expiresAt!: Date;
}

@ObjectType({
  implements: UserError,
  description: 'None to or from the caller that is still open.',
})
export class OfferNotFound extends UserError {
  readonly code = 'OFFER_NOT_FOUND' as const;
  readonly message = 'There is no such offer, or it has expired.';
}
