import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class MembershipRequired extends UserError {
  readonly code = 'MEMBERSHIP_REQUIRED' as const;
  readonly message = 'Only active members of the community may do this: join it first.';
}

@ObjectType({ implements: UserError })
export class CommunityUnknown extends UserError {
  readonly code = 'COMMUNITY_UNKNOWN' as const;
  readonly message = 'There is no such community, or it is private.';
}
