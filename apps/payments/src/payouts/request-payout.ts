import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { compare, isNegative, money, negate, zero, type Money } from '@lyceum/money';
import { requireUser, useCase, UserError, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { membershipOf } from '../communities/membership.queries';
import type { Membership } from '../communities/membership.entity';
import { MoneyInput, MoneyType, parseMoneyInput, toMoneyType } from '../graph/money.type';
import { openAccount } from '../ledger/accounts';
import { moveMoney } from '../ledger/move-money';
import { earningsOf, payoutTermsOf } from './cleared';
import { Payout, selectPayouts } from './payout.type';

@InputType()
export class RequestPayoutInput {
  @Field(() => ID) communityId!: string;
  @Field(() => MoneyInput) amount!: MoneyInput;
  @Field(() => String, { description: '1 to 100 characters. The same key pays out once.' })
  idempotencyKey!: string;
}

@ObjectType({ implements: UserError })
export class NothingEarned extends UserError {
  readonly code = 'NOTHING_EARNED' as const;
  readonly message = 'You have earned nothing in this community.';
}

@ObjectType({ implements: UserError })
export class InvalidPayout extends UserError {
  readonly code = 'INVALID_PAYOUT' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

@ObjectType({ implements: UserError })
export class NotCleared extends UserError {
  readonly code = 'NOT_CLEARED' as const;
  readonly message = 'That is more than has been earned before the hold period.';
  @Field(() => MoneyType, { description: 'What can be paid out now.' }) readonly cleared: MoneyType;
  constructor(cleared: Money) {
    super();
    this.cleared = toMoneyType(isNegative(cleared) ? zero(cleared.currency) : cleared);
  }
}

export const RequestPayoutResult = createUnionType({
  name: 'RequestPayoutResult',
  types: () => [Payout, NothingEarned, InvalidPayout, NotCleared] as const,
});

/**
 * Takes cleared earnings off a creator's account, to be sent: by the creator, who may have left, but not who was
 * banned. The same key again answers the same payout. Simultaneous requests take turns at the account.
 */
export const requestPayout = useCase(
  async (tx, input: RequestPayoutInput): Promise<typeof RequestPayoutResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(input.communityId)) return new NothingEarned();
    const communityId = input.communityId as CommunityId; // has the form of one
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (membership === null || membership.status === 'banned') return new NothingEarned();
    const amount = parseMoneyInput(input.amount);
    if (amount === null) return new InvalidPayout('Not an amount of a currency that exists.');
    if (!/^.{1,100}$/s.test(input.idempotencyKey))
      return new InvalidPayout('A key has 1 to 100 characters.');
    await lockEarnings(tx, membership, amount);
    const known = await selectPayouts(tx.db, 'member_id = $1 AND idempotency_key = $2', [
      membership.memberId,
      input.idempotencyKey,
    ]);
    if (known[0] !== undefined) return known[0];
    const refusal = await whyNot(tx, membership, amount);
    return refusal ?? write(tx, membership, { amount, key: input.idempotencyKey });
  },
);

const lockEarnings = async (
  tx: Tx,
  { memberId }: Membership,
  { currency }: Money,
): Promise<void> => {
  const name = { code: 'creator-earnings', ownerId: memberId, currency } as const;
  const account = await openAccount(tx.db, name);
  await tx.db.query('SELECT FROM ledger_account WHERE id = $1 FOR NO KEY UPDATE', [account]);
};

const whyNot = async (
  tx: Tx,
  { memberId, communityId }: Membership,
  amount: Money,
): Promise<InvalidPayout | NotCleared | null> => {
  const { holdDays, minimumMinor } = await payoutTermsOf(tx.db, communityId);
  if (compare(amount, money(BigInt(minimumMinor), amount.currency)) < 0)
    return new InvalidPayout(`At least ${minimumMinor} minor units are paid out.`);
  const all = await earningsOf(tx.db, memberId, { holdDays, at: tx.now });
  const cleared =
    all.find(({ balance }) => balance.currency === amount.currency)?.cleared ??
    zero(amount.currency);
  return compare(amount, cleared) > 0 ? new NotCleared(cleared) : null;
};

const write = async (
  tx: Tx,
  { memberId, communityId }: Membership,
  { amount, key }: { amount: Money; key: string },
): Promise<Payout> => {
  const id = newId<'Payout'>();
  await tx.db.query(
    `INSERT INTO payout (id, community_id, member_id, amount_minor, currency, status, idempotency_key, requested_at)
     VALUES ($1, $2, $3, $4, $5, 'requested', $6, $7)`,
    [id, communityId, memberId, amount.amountMinor.toString(), amount.currency, key, tx.now],
  );
  await moveMoney(tx, {
    key: `payout:${id}`,
    kind: 'payout',
    movements: [
      { code: 'creator-earnings', ownerId: memberId, amount: negate(amount) },
      { code: 'payouts', ownerId: null, amount },
    ],
  });
  const [payout] = await selectPayouts(tx.db, 'id = $1', [id]);
  if (payout === undefined) throw new Error('the payout was written');
  return payout;
};
