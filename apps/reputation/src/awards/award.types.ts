import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { connectionType, UserError } from '@lyceum/platform';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { GiftId, RedemptionId } from '../gifts/gift.types';
import { Member } from '../members/member.type';

export type ProgramId = Id<'AwardProgram'>;
export type AwardId = Id<'Award'>;
export type WinnerId = Id<'Prize'>;

export enum AwardedFor {
  POINTS = 'points',
  THANKS = 'thanks',
  ANSWERS = 'answers',
  ACCEPTED = 'accepted',
  UPVOTES = 'upvotes',
  CHOICE = 'choice',
}
registerEnumType(AwardedFor, {
  name: 'AwardedFor',
  description: 'Counted over a calendar month in UTC.',
  valuesConfig: {
    POINTS: { description: 'Points earned, but for those of prizes and awards.' },
    THANKS: { description: 'Notes of thanks received.' },
    ANSWERS: { description: 'Answers written.' },
    ACCEPTED: { description: 'Answers that were accepted.' },
    UPVOTES: { description: 'Upvotes received.' },
    CHOICE: { description: 'Whom who decides chooses.' },
  },
});

export enum AwardStatus {
  PROPOSED = 'proposed',
  APPROVED = 'approved',
  REFUSED = 'refused',
}
registerEnumType(AwardStatus, { name: 'AwardStatus' });

@ObjectType({ description: 'What a community awards its members for, month by month.' })
export class AwardProgram {
  @Field(() => ID) id!: ProgramId;
  @Field(() => String) name!: string;
  @Field(() => AwardedFor) givenFor!: `${AwardedFor}`;
  @Field(() => Boolean) excludesStaff!: boolean;
  @Field(() => [Int], {
    description: 'What the first, the second … gets: points, or minor units; 1 where it is a gift.',
  })
  amounts!: readonly number[];
  @Field(() => String, { nullable: true, description: 'ISO 4217, where money is given.' })
  currency!: string | null;
  @Field(() => Date, { nullable: true }) stoppedAt!: Date | null;
  startedAt!: Date;
  communityId!: CommunityId;
  giftId!: GiftId | null;
  /** In minor units. */
  funded!: string;
  promised!: string;
}

@ObjectType({ description: 'Who was awarded, or is proposed, and why.' })
export class AwardWinner {
  @Field(() => ID) id!: WinnerId;
  @Field(() => Int) place!: number;
  @Field(() => Int, { description: 'What was counted.' }) figure!: number;
  @Field(() => String, { description: 'A sentence.' }) reason!: string;
  @Field(() => String, { nullable: true, description: 'Points, or minor units of the currency.' })
  amount!: string | null;
  @Field(() => Boolean, { description: 'Whether who decided passed this member over.' })
  isLeftOut!: boolean;
  @Field(() => Date, { nullable: true }) paidAt!: Date | null;
  @Field(() => Member, { nullable: true }) member!: Member;
  memberId!: MemberId;
  awardId!: AwardId;
  redemptionId!: RedemptionId | null;
}

@ObjectType({ description: 'The award of a month.' })
export class Award {
  @Field(() => ID) id!: AwardId;
  @Field(() => String, { description: 'The first day of the month, `YYYY-MM-DD`.' }) month!: string;
  @Field(() => AwardStatus) status!: `${AwardStatus}`;
  @Field(() => Date) proposedAt!: Date;
  @Field(() => Date, { nullable: true }) decidedAt!: Date | null;
  @Field(() => String, { nullable: true }) note!: string | null;
  programId!: ProgramId;
  communityId!: CommunityId;
}

@ObjectType()
export class AwardConnection extends connectionType('Award', () => Award) {}

@ObjectType({ implements: UserError })
export class AwardNotFound extends UserError {
  readonly code = 'AWARD_NOT_FOUND' as const;
  readonly message = 'There is no such award.';
}

@ObjectType({ implements: UserError })
export class AwardInvalid extends UserError {
  readonly code = 'AWARD_INVALID' as const;
  readonly message: string;
  constructor(problem: string) {
    super();
    this.message = problem;
  }
}

@ObjectType({ implements: UserError })
export class AwardDecided extends UserError {
  readonly code = 'AWARD_DECIDED' as const;
  readonly message = 'It was decided otherwise before.';
  @Field(() => AwardStatus) readonly status: `${AwardStatus}`;
  constructor(status: `${AwardStatus}`) {
    super();
    this.status = status;
  }
}

@ObjectType({ implements: UserError })
export class OwnAward extends UserError {
  readonly code = 'OWN_AWARD' as const;
  readonly message =
    'Nobody decides on an award to themselves: leave yourself out, or let another.';
}

@ObjectType({ implements: UserError })
export class AwardPoolTooSmall extends UserError {
  readonly code = 'AWARD_POOL_TOO_SMALL' as const;
  readonly message = 'There is less in the pool than this award gives: pay in first.';
}
