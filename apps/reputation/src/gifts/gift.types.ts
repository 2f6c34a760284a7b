import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { connectionType, UserError } from '@lyceum/platform';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Member } from '../members/member.type';

export type GiftId = Id<'Gift'>;
export type RedemptionId = Id<'GiftRedemption'>;

@ObjectType({ description: 'Something that members get for points.' })
export class Gift {
  @Field(() => ID) id!: GiftId;
  @Field(() => String) title!: string;
  @Field(() => String) description!: string;
  @Field(() => Int, { description: 'In points.' }) price!: number;
  @Field(() => Int, { description: 'How many are left.' }) stock!: number;
  @Field(() => Int, { nullable: true, description: 'How many a member may have.' })
  perMember!: number | null;
  @Field(() => Boolean) needsApproval!: boolean;
  @Field(() => Boolean) isOffered!: boolean;
  communityId!: CommunityId;
}

export enum RedemptionStatus {
  REQUESTED = 'requested',
  APPROVED = 'approved',
  FULFILLED = 'fulfilled',
  REFUSED = 'refused',
  CANCELLED = 'cancelled',
}
registerEnumType(RedemptionStatus, { name: 'GiftRedemptionStatus' });

@ObjectType({ description: 'A gift that a member took, and what became of it.' })
export class GiftRedemption {
  @Field(() => ID) id!: RedemptionId;
  @Field(() => Int, { description: 'The points that were paid; they return if it is undone.' })
  price!: number;
  @Field(() => RedemptionStatus) status!: `${RedemptionStatus}`;
  @Field(() => Date) requestedAt!: Date;
  @Field(() => String, { nullable: true, description: 'What the community says about it.' })
  note!: string | null;
  giftId!: GiftId;
  memberId!: MemberId;
  communityId!: CommunityId;
  version!: number;

  @Field(() => Member, { nullable: true }) member!: Member;
}

@ObjectType()
export class GiftRedemptionConnection extends connectionType(
  'GiftRedemption',
  () => GiftRedemption,
) {}

@ObjectType({ implements: UserError })
export class GiftNotFound extends UserError {
  readonly code = 'GIFT_NOT_FOUND' as const;
  readonly message = 'There is no such gift, or it is not offered any more.';
}

@ObjectType({ implements: UserError })
export class GiftInvalid extends UserError {
  readonly code = 'GIFT_INVALID' as const;
  readonly message: string;
  constructor(problem: string) {
    super();
    this.message = problem;
  }
}

@ObjectType({ implements: UserError })
export class GiftSoldOut extends UserError {
  readonly code = 'GIFT_SOLD_OUT' as const;
  readonly message = 'None of them is left.';
}

@ObjectType({ implements: UserError })
export class GiftLimitReached extends UserError {
  readonly code = 'GIFT_LIMIT_REACHED' as const;
  readonly message = 'You have as many of them as a member may have.';
}

@ObjectType({ implements: UserError })
export class SpendablePointsTooFew extends UserError {
  readonly code = 'SPENDABLE_POINTS_TOO_FEW' as const;
  readonly message = 'You do not have enough points to spend.';
  @Field(() => Int) readonly spendable: number;
  constructor(spendable: number) {
    super();
    this.spendable = spendable;
  }
}

@ObjectType({ implements: UserError })
export class RedemptionNotFound extends UserError {
  readonly code = 'REDEMPTION_NOT_FOUND' as const;
  readonly message = 'There is no such redemption.';
}

@ObjectType({ implements: UserError })
export class RedemptionDecided extends UserError {
  readonly code = 'REDEMPTION_DECIDED' as const;
  readonly message = 'That is not possible any more.';
  @Field(() => RedemptionStatus) readonly status: `${RedemptionStatus}`;
  constructor(status: `${RedemptionStatus}`) {
    super();
    this.status = status;
  }
}
