import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({
  implements: UserError,
  description: 'Nobody known, or nobody in a community that the caller can see.',
})
export class MemberNotFound extends UserError {
  readonly code = 'MEMBER_NOT_FOUND' as const;
  readonly message = 'There is no such member here.';
}

@ObjectType({ implements: UserError, description: 'The caller is not an active member.' })
export class NotAMember extends UserError {
  readonly code = 'NOT_A_MEMBER' as const;
  readonly message = 'You are not a member of this community.';
}

@ObjectType({ implements: UserError, description: 'Somebody who may must lift the ban first.' })
export class MemberBanned extends UserError {
  readonly code = 'MEMBER_BANNED' as const;
  readonly message = 'This account is banned from the community.';
}

@ObjectType({
  implements: UserError,
  description: 'It would leave the community without an owner.',
})
export class LastOwner extends UserError {
  readonly code = 'LAST_OWNER' as const;
  readonly message = 'A community needs an owner: make somebody else one first.';
}
