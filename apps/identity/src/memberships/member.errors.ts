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

@ObjectType({
  implements: UserError,
  description: 'Who wants to join must ask (`requestToJoin`), or have an invite code.',
})
export class ApprovalRequired extends UserError {
  readonly code = 'APPROVAL_REQUIRED' as const;
  readonly message = 'Somebody of the community decides who joins it: ask first.';
}

@ObjectType({
  implements: UserError,
  description: 'Nobody is made an owner unasked: `offerOwnership`, and the member accepts.',
})
export class OwnershipMustBeOffered extends UserError {
  readonly code = 'OWNERSHIP_MUST_BE_OFFERED' as const;
  readonly message = 'Offer ownership to the member, who then accepts it.';
}
