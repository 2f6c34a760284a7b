import type { AccountId, CommunityId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'A while in which a person may use what members pay for, once a community.',
})
export class Trial {
  @Field(() => ID) id!: string;
  communityId!: CommunityId;
  accountId!: AccountId;
  @Field(() => Date) startedAt!: Date;
  @Field(() => Date) endsAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it ended; null while it runs.' })
  endedAt!: Date | null;
}

@ObjectType({ implements: UserError, description: 'The community offers none.' })
export class NoTrialOffered extends UserError {
  readonly code = 'NO_TRIAL_OFFERED' as const;
  readonly message = 'This community has no trial.';
}

@ObjectType({
  implements: UserError,
  description: 'The person had one, be it with another account of the same mailbox.',
})
export class TrialHad extends UserError {
  readonly code = 'TRIAL_USED' as const;
  readonly message = 'You have had your trial of this community.';
}

@ObjectType({ implements: UserError, description: 'The address of the account is not verified.' })
export class EmailNotVerified extends UserError {
  readonly code = 'EMAIL_NOT_VERIFIED' as const;
  readonly message = 'Verify your e-mail address first.';
}
