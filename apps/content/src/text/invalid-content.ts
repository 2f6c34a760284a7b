import { UserError } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class InvalidContent extends UserError {
  readonly code = 'INVALID_CONTENT' as const;
  readonly message: string;
  @Field(() => String, { description: 'Of the input.' }) readonly field: string;

  constructor(field: string, problem: string) {
    super();
    this.field = field;
    this.message = `"${field}" ${problem}.`;
  }
}
