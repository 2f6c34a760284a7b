import { UserError } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';
import { ContestStatus } from './contest.types';

@ObjectType({ implements: UserError })
export class ContestNotFound extends UserError {
  readonly code = 'CONTEST_NOT_FOUND' as const;
  readonly message = 'There is no such contest.';
}

@ObjectType({ implements: UserError })
export class ContestInvalid extends UserError {
  readonly code = 'CONTEST_INVALID' as const;
  readonly message: string;
  constructor(problem: string) {
    super();
    this.message = problem;
  }
}

@ObjectType({ implements: UserError })
export class ContestNotThere extends UserError {
  readonly code = 'CONTEST_STATUS_WRONG' as const;
  readonly message = 'The contest has not come so far, or is past it.';
  @Field(() => ContestStatus) readonly status: `${ContestStatus}`;
  constructor(status: `${ContestStatus}`) {
    super();
    this.status = status;
  }
}

@ObjectType({ implements: UserError })
export class ContestEntryNotFound extends UserError {
  readonly code = 'CONTEST_ENTRY_NOT_FOUND' as const;
  readonly message = 'There is no such entry.';
}

@ObjectType({ implements: UserError })
export class ContestEntryInvalid extends UserError {
  readonly code = 'CONTEST_ENTRY_INVALID' as const;
  readonly message: string;
  constructor(problem: string) {
    super();
    this.message = problem;
  }
}

@ObjectType({ implements: UserError })
export class ContestEntriesTooMany extends UserError {
  readonly code = 'CONTEST_ENTRIES_TOO_MANY' as const;
  readonly message = 'You have as many entries as a member may have.';
}

@ObjectType({ implements: UserError })
export class EntrantIsJuror extends UserError {
  readonly code = 'ENTRANT_IS_JUROR' as const;
  readonly message = 'Nobody both judges a contest and competes in it.';
}

@ObjectType({ implements: UserError })
export class NotContestJuror extends UserError {
  readonly code = 'NOT_CONTEST_JUROR' as const;
  readonly message = 'Only jurors of the contest may do this.';
}

@ObjectType({ implements: UserError })
export class OwnContestEntry extends UserError {
  readonly code = 'OWN_CONTEST_ENTRY' as const;
  readonly message = 'Nobody votes for an own entry.';
}

@ObjectType({ implements: UserError })
export class ContestVotesUsedUp extends UserError {
  readonly code = 'CONTEST_VOTES_USED_UP' as const;
  readonly message = 'You have voted for as many entries as a member may.';
}
