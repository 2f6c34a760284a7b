import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class PostNotFound extends UserError {
  readonly code = 'POST_NOT_FOUND' as const;
  readonly message = 'There is no such post, or it is in a private community.';
}
