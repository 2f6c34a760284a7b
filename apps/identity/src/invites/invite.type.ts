import type { AccountId, CommunityId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'A code that lets people into a community, so many times and for so long.',
})
export class Invite {
  @Field(() => ID) id!: string;
  communityId!: CommunityId;
  inviterId!: AccountId;
  @Field(() => String, { description: 'Who has it can use it: give it to whom you mean.' })
  code!: string;
  @Field(() => Int) maxUses!: number;
  @Field(() => Int, { description: 'How many have come by it.' }) uses!: number;
  @Field(() => Date) createdAt!: Date;
  @Field(() => Date) expiresAt!: Date;
  @Field(() => Date, { nullable: true }) revokedAt!: Date | null;
}

@ObjectType({
  implements: UserError,
  description: 'No invite has the code or id, or it was revoked.',
})
export class InviteNotFound extends UserError {
  readonly code = 'INVITE_NOT_FOUND' as const;
  readonly message = 'There is no such invite.';
}

@ObjectType({ implements: UserError, description: 'Its time is over.' })
export class InviteExpired extends UserError {
  readonly code = 'INVITE_EXPIRED' as const;
  readonly message = 'This invite has expired.';
}

@ObjectType({ implements: UserError, description: 'As many have come by it as it is for.' })
export class InviteUsedUp extends UserError {
  readonly code = 'INVITE_USED_UP' as const;
  readonly message = 'This invite has been used up.';
}

@ObjectType({
  implements: UserError,
  description: 'It is an invite of the caller, or of an account with the same mailbox.',
})
export class OwnInvite extends UserError {
  readonly code = 'OWN_INVITE' as const;
  readonly message = 'You cannot come by an invite of your own.';
}
