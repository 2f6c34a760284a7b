import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class CommunityNotFound extends UserError {
  readonly code = 'COMMUNITY_NOT_FOUND' as const;
  readonly message = 'There is no such community, or it is private.';
}

@ObjectType({ implements: UserError })
export class SlugTaken extends UserError {
  readonly code = 'SLUG_TAKEN' as const;
  readonly message = 'Another community has this slug.';
}
