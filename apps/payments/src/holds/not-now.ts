import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError, description: 'It is over, not begun, or not for you to say.' })
export class NotNow extends UserError {
  readonly code = 'NOT_NOW' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}
