import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class BookingNotFound extends UserError {
  readonly code = 'BOOKING_NOT_FOUND' as const;
  readonly message = 'There is no such booking.';
}

@ObjectType({ implements: UserError })
export class SlotTaken extends UserError {
  readonly code = 'SLOT_TAKEN' as const;
  readonly message = 'Somebody else has this time.';
}

@ObjectType({ implements: UserError })
export class SlotNotOffered extends UserError {
  readonly code = 'SLOT_NOT_OFFERED' as const;
  readonly message = 'Nobody offers this time, or it is too soon.';
}

@ObjectType({ implements: UserError })
export class InvalidHours extends UserError {
  readonly code = 'INVALID_HOURS' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}
