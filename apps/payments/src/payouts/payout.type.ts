import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { MoneyType, toMoneyType } from '../graph/money.type';

export type PayoutId = Id<'Payout'>;

export enum PayoutStatus {
  REQUESTED = 'requested',
  PAID = 'paid',
  FAILED = 'failed',
  REVERSED = 'reversed',
}
registerEnumType(PayoutStatus, {
  name: 'PayoutStatus',
  valuesConfig: {
    REQUESTED: { description: 'Taken off the earnings, and to be sent.' },
    PAID: { description: 'Sent.' },
    FAILED: { description: 'Could not be sent; it is back with the earnings.' },
    REVERSED: { description: 'Was sent and came back; it is back with the earnings.' },
  },
});

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'Earnings that were paid out, or are about to be.' })
export class Payout {
  @Field(() => ID) readonly id!: PayoutId;
  readonly communityId!: CommunityId;
  readonly memberId!: MemberId;
  readonly amountMinor!: bigint;
  readonly currency!: Currency;
  @Field(() => PayoutStatus) readonly status!: 'requested' | 'paid' | 'failed' | 'reversed';
  @Field(() => Date) readonly requestedAt!: Date;
  @Field(() => Date, { nullable: true }) readonly decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The bank’s, or why it could not be sent.' })
  readonly reference!: string | null;

  @Field(() => MoneyType, { name: 'amount' })
  get amountField(): MoneyType {
    return toMoneyType(this.amount);
  }

  get amount(): Money {
    return money(this.amountMinor, this.currency);
  }
}

@ObjectType({ description: 'What a creator has earned in one currency.' })
export class EarningsBalance {
  @Field(() => MoneyType, {
    description: 'All of it; below zero is a debt, settled from later income.',
  })
  balance!: MoneyType;
  @Field(() => MoneyType, { description: 'What can be paid out now: older than the hold period.' })
  cleared!: MoneyType;
  @Field(() => MoneyType, {
    description: 'What is within the hold period, where refunds are likely.',
  })
  held!: MoneyType;
}

@ObjectType({ description: 'The terms of payouts in a community.' })
export class PayoutTerms {
  @Field(() => Int, { description: 'Days for which what is earned is held.' }) holdDays!: number;
  /** Whole minor units, as text. */
  @Field(() => String, {
    description: 'The least that is paid out, in minor units of any currency.',
  })
  minimumMinor!: string;
}

const columns = `id, community_id AS "communityId", member_id AS "memberId", amount_minor AS "amountMinor", currency,
  status, requested_at AS "requestedAt", decided_at AS "decidedAt", reference`;

/** Payouts that match; `where` is SQL of ours, with its parameters from $1. */
export const selectPayouts = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Payout[]> => {
  const rows = await db.query<(Omit<Payout, 'amountMinor'> & { amountMinor: string })[]>(
    `SELECT ${columns} FROM payout WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) =>
    Object.assign(new Payout(), row, { amountMinor: BigInt(row.amountMinor) }),
  );
};
