import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class PostNotFound extends UserError {
  readonly code = 'POST_NOT_FOUND' as const;
  readonly message = 'There is no such post, or it is in a private community.';
}

@ObjectType({ implements: UserError })
export class NotEditor extends UserError {
  readonly code = 'NOT_EDITOR' as const;
  readonly message = 'Only the author of the post and moderators may do this.';
}

@ObjectType({ implements: UserError })
export class NotModerator extends UserError {
  readonly code = 'NOT_MODERATOR' as const;
  readonly message = 'Only moderators may do this.';
}
