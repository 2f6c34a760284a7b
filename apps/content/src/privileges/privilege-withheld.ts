import type { MemberId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class PrivilegeWithheld extends UserError {
  readonly code = 'PRIVILEGE_WITHHELD' as const;
  readonly message = 'You need more points to do this; `Member.privileges` says how many.';
  @Field(() => String, { description: 'As in the rules of the community: `downvote`.' })
  readonly privilege: string;
  readonly memberId: MemberId;

  constructor(privilege: string, memberId: MemberId) {
    super();
    this.privilege = privilege;
    this.memberId = memberId;
  }
}
