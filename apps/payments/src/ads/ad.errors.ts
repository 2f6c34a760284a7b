import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class InvalidPlacement extends UserError {
  readonly code = 'INVALID_PLACEMENT' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

@ObjectType({ implements: UserError })
export class PlacementNotFound extends UserError {
  readonly code = 'PLACEMENT_NOT_FOUND' as const;
  readonly message = 'There is no such placement.';
}

@ObjectType({ implements: UserError })
export class PlacementNotInReview extends UserError {
  readonly code = 'PLACEMENT_NOT_IN_REVIEW' as const;
  readonly message = 'It was decided on before, or is not paid yet.';
}

@ObjectType({ implements: UserError })
export class PlacementIsDisputed extends UserError {
  readonly code = 'PLACEMENT_IS_DISPUTED' as const;
  readonly message = 'Its payment is disputed: the bank decides on what is left.';
}

@ObjectType({ implements: UserError })
export class InvalidAdEvents extends UserError {
  readonly code = 'INVALID_AD_EVENTS' as const;
  readonly message = 'At most 50 events at once.';
}
