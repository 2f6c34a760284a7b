import { UserError } from '@lyceum/platform';
import { Field, Int, ObjectType } from 'type-graphql';
import { bountyStep, maxBounty, minBounty } from './bounty.policy';

@ObjectType({ implements: UserError })
export class BountyAmountInvalid extends UserError {
  readonly code = 'BOUNTY_AMOUNT_INVALID' as const;
  readonly message = `A bounty is ${minBounty} to ${maxBounty} points, in steps of ${bountyStep}.`;
}

@ObjectType({ implements: UserError })
export class BountyOpen extends UserError {
  readonly code = 'BOUNTY_OPEN' as const;
  readonly message = 'The question has a bounty that can still be won.';
}

@ObjectType({ implements: UserError })
export class NotEnoughPoints extends UserError {
  readonly code = 'NOT_ENOUGH_POINTS' as const;
  readonly message = 'A bounty is paid from your own points, and leaves you at least one.';
  @Field(() => Int, { description: 'What you have, less what you have just offered elsewhere.' })
  readonly points: number;

  constructor(points: number) {
    super();
    this.points = points;
  }
}

@ObjectType({ implements: UserError })
export class NoOpenBounty extends UserError {
  readonly code = 'NO_OPEN_BOUNTY' as const;
  readonly message = 'There is no bounty on this question that can still be won.';
}

@ObjectType({ implements: UserError })
export class NotOfferer extends UserError {
  readonly code = 'NOT_OFFERER' as const;
  readonly message = 'Only who offered the bounty may award it.';
}

@ObjectType({ implements: UserError })
export class OwnAnswer extends UserError {
  readonly code = 'OWN_ANSWER' as const;
  readonly message = 'A bounty cannot go back to who offered it.';
}
