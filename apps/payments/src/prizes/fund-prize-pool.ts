import assert from 'node:assert/strict';
import { isId, may, type MemberId } from '@lyceum/contracts';
import type { Money } from '@lyceum/money';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { membershipOf } from '../communities/membership.queries';
import { learnStanding } from '../communities/standing';
import { MoneyInput, parseMoneyInput } from '../graph/money.type';
import { PaymentSession, PayWithInput, startOrderPayment } from '../income/start-order-payment';
import { claimKey } from '../orders/command-key';
import {
  KeyReused,
  OrderIsClosed,
  OrderNotFound,
  ProviderFailed,
  ProviderUnknown,
  SoldOut,
} from '../orders/order.errors';
import { lockOrder, type Order } from '../orders/order.type';
import { placeOrder } from '../orders/place-order';
import { prizePoolById, type PrizePool } from './prize-pool.type';

@InputType()
export class FundPrizePoolInput extends PayWithInput {
  @Field(() => ID, { description: 'The contest, or the awards.' }) poolId!: string;
  @Field(() => MoneyInput, {
    description: "In the pool's currency; the provider's fee is taken off.",
  })
  amount!: MoneyInput;
  @Field(() => String, { description: '1 to 200 characters. The same key pays in once.' })
  idempotencyKey!: string;
}

@ObjectType({ implements: UserError })
export class PrizePoolNotFound extends UserError {
  readonly code = 'PRIZE_POOL_NOT_FOUND' as const;
  readonly message = 'There is no such pool that can be paid into.';
}

@ObjectType({ implements: UserError })
export class InvalidFunding extends UserError {
  readonly code = 'INVALID_FUNDING' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

@ObjectType({ implements: UserError })
export class MayNotFundPrizes extends UserError {
  readonly code = 'MAY_NOT_FUND_PRIZES' as const;
  readonly message = 'Only owners and admins of the community may do this.';
}

export const FundPrizePoolResult = createUnionType({
  name: 'FundPrizePoolResult',
  types: () =>
    [
      PaymentSession,
      PrizePoolNotFound,
      InvalidFunding,
      MayNotFundPrizes,
      KeyReused,
      ProviderUnknown,
      ProviderFailed,
      OrderIsClosed,
      OrderNotFound,
    ] as const,
});
type Result = Promise<typeof FundPrizePoolResult>;

const largest = 100_000_000_00n;

/** Pays money into a pool: it is held there until it is won, and what is not returns to who paid it in. */
export const fundPrizePool = async (ctx: Ctx, input: FundPrizePoolInput): Result => {
  requireUser(ctx);
  const pool = isId(input.poolId) ? await prizePoolById(ctx.db, input.poolId) : null;
  if (pool === null) return new PrizePoolNotFound();
  await learnStanding(ctx, pool.communityId);
  const amount = parseMoneyInput(input.amount);
  if (
    amount?.currency !== pool.currency ||
    amount.amountMinor < 100n ||
    amount.amountMinor > largest
  )
    return new InvalidFunding(`Pay at least 100 minor units of ${pool.currency} in.`);
  if (!/^.{1,200}$/s.test(input.idempotencyKey))
    return new InvalidFunding('An idempotency key has 1 to 200 characters.');
  const order = await place(ctx, { input, pool, amount });
  return order instanceof UserError ? order : startOrderPayment(ctx, order, input);
};

interface Wanted {
  readonly input: FundPrizePoolInput;
  readonly pool: PrizePool;
  readonly amount: Money;
}

type Refusal = MayNotFundPrizes | PrizePoolNotFound | KeyReused | OrderNotFound;

const place = useCase(async (tx, { input, pool, amount }: Wanted): Promise<Order | Refusal> => {
  const { accountId } = requireUser(tx);
  const membership = await membershipOf(tx.db, { communityId: pool.communityId, accountId });
  if (membership?.status !== 'active' || !may(membership.role, 'prizes.fund'))
    return new MayNotFundPrizes();
  const { idempotencyKey: key, ...request } = input;
  const claim = await claimKey(tx, { operation: 'fundPrizePool', key, request });
  if (claim instanceof KeyReused) return claim;
  if (claim.isReplay) return (await orderOf(tx, claim.resultId)) ?? new OrderNotFound();
  if (!pool.isOpen) return new PrizePoolNotFound();

  const order = await placeOrder(tx, {
    communityId: pool.communityId,
    buyerId: accountId,
    buyerMemberId: membership.memberId,
    lines: [
      {
        purpose: 'prize-pool',
        referenceId: claim.resultId,
        title: `Prizes: ${pool.title}`.slice(0, 200),
        amount,
        splitId: null,
        earnerId: membership.memberId,
      },
    ],
    refundPolicy: { windowDays: 0, endsAccess: false },
  });
  assert(!(order instanceof SoldOut), 'pools do not sell out');
  await write(tx, { id: claim.resultId, poolId: pool.id, order, memberId: membership.memberId });
  return order;
});

const write = (
  tx: Tx,
  of: { id: string; poolId: string; order: Order; memberId: MemberId },
): Promise<unknown> =>
  tx.db.query(
    'INSERT INTO prize_funding (id, pool_id, order_id, member_id) VALUES ($1, $2, $3, $4)',
    [of.id, of.poolId, of.order.id, of.memberId],
  );

const orderOf = async (tx: Tx, id: string): Promise<Order | null> => {
  const [found] = await tx.db.query<{ orderId: string }[]>(
    'SELECT order_id AS "orderId" FROM prize_funding WHERE id = $1',
    [id],
  );
  return found === undefined ? null : lockOrder(tx.db, found.orderId);
};
