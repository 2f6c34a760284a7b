import type { CommunityId, MemberId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import { Field, ID, ObjectType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { MoneyType, toMoneyType } from '../graph/money.type';

@ObjectType({ description: 'Money for prizes of a contest or of awards, held until it is won.' })
export class PrizePool {
  @Field(() => ID) readonly id!: string;
  @Field(() => String) readonly title!: string;
  @Field(() => Boolean, { description: 'Whether it can be paid into.' }) readonly isOpen!: boolean;
  readonly communityId!: CommunityId;
  readonly currency!: Currency;
  readonly fundedMinor!: bigint;
  readonly paidMinor!: bigint;
  readonly returnedMinor!: bigint;
  readonly fundings!: number;

  @Field(() => MoneyType, { description: 'What was paid in, after fees.' })
  get funded(): MoneyType {
    return toMoneyType(money(this.fundedMinor, this.currency));
  }
  @Field(() => MoneyType, { description: 'What winners got.' })
  get paid(): MoneyType {
    return toMoneyType(money(this.paidMinor, this.currency));
  }
  @Field(() => MoneyType, { description: 'What went back to those who had paid in.' })
  get returned(): MoneyType {
    return toMoneyType(money(this.returnedMinor, this.currency));
  }

  get left(): Money {
    return money(this.fundedMinor - this.paidMinor - this.returnedMinor, this.currency);
  }
}

type Lock = '' | 'FOR UPDATE';
type Row = Record<'fundedMinor' | 'paidMinor' | 'returnedMinor', string>;

export const prizePoolById = async (
  db: EntityManager,
  id: string,
  lock: Lock = '',
): Promise<PrizePool | null> => {
  const [row] = await db.query<Row[]>(
    `SELECT id, community_id AS "communityId", title, currency, is_open AS "isOpen", fundings,
       funded_minor AS "fundedMinor", paid_minor AS "paidMinor", returned_minor AS "returnedMinor"
     FROM prize_pool WHERE id = $1 ${lock}`,
    [id],
  );
  if (row === undefined) return null;
  return Object.assign(new PrizePool(), row, {
    fundedMinor: BigInt(row.fundedMinor),
    paidMinor: BigInt(row.paidMinor),
    returnedMinor: BigInt(row.returnedMinor),
  });
};

export interface WaitingPrize {
  readonly id: string;
  readonly memberId: MemberId;
  readonly amountMinor: bigint;
}

export const waitingPrizes = async (db: EntityManager, poolId: string): Promise<WaitingPrize[]> => {
  const rows = await db.query<(Omit<WaitingPrize, 'amountMinor'> & { amountMinor: string })[]>(
    `SELECT id, member_id AS "memberId", amount_minor AS "amountMinor" FROM prize
     WHERE pool_id = $1 AND paid_at IS NULL ORDER BY id FOR UPDATE`,
    [poolId],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
};
