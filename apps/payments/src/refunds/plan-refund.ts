import { isId, type MemberId } from '@lyceum/contracts';
import { money, sum, type Money } from '@lyceum/money';
import { requireUser, type Ctx, type Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { membershipOf } from '../communities/membership.queries';
import { parseMoneyInput, type MoneyInput } from '../graph/money.type';
import { kitOf } from '../kit';
import { fulfilmentOf } from '../orders/fulfil-order';
import { OrderNotFound } from '../orders/order.errors';
import { linesOf, selectOrders, type Order } from '../orders/order.type';
import { selectPayments, type Payment } from '../orders/payment.type';
import { leftOfOrder } from './left-of-order';
import { endsAccess, NotRefundable, whyNotRefundable } from './refund-terms';
import { takeFrom, type Taking } from './taken';

export interface RefundRequest {
  readonly orderId: string;
  /** All that is left by default. */
  readonly amount?: MoneyInput | null;
  /** As the order's terms say by default; only who manages the catalogue decides otherwise. */
  readonly endsAccess?: boolean | null;
}

/** What a refund does, before it is done and while it is: both ask this. */
export interface RefundPlan {
  readonly order: Order;
  readonly payment: Payment;
  readonly amount: Money;
  readonly taken: readonly Taking[];
  readonly endsAccess: boolean;
}

/**
 * Works a refund out. Reads alone, so that a preview and the refund itself are the same code; the refund locks the
 * order first.
 */
export const planRefund = async (
  ctx: Pick<Ctx | Tx, 'db' | 'actor'>,
  request: RefundRequest,
  now: Date,
): Promise<RefundPlan | OrderNotFound | NotRefundable> => {
  const { db } = ctx;
  const { accountId } = requireUser(ctx);
  const [order] = isId(request.orderId) ? await selectOrders(db, 'id = $1', [request.orderId]) : [];
  if (order === undefined) return new OrderNotFound();
  const membership = await membershipOf(db, { communityId: order.communityId, accountId });
  const isManager = canManageCatalogue(membership);
  if (!isManager && order.buyerId !== accountId) return new OrderNotFound();
  const amount = request.amount == null ? order.refundable : parseMoneyInput(request.amount);
  if (amount === null) return new NotRefundable('This is no amount.', order.refundable);
  // Who bought something that has terms of its own is bound by them, whatever their role.
  const isBound = !isManager || order.buyerId === accountId;
  const problem = isBound ? await whyLinesStay(ctx, order) : null;
  if (problem !== null) return new NotRefundable(problem, order.refundable);
  const asked = isManager ? (request.endsAccess ?? null) : null;
  return planFor(ctx, { order, amount, asked, isManager }, now);
};

/** What the terms of a booking, a gift or a commission give back, whoever asks and whenever: they are the rule. */
export const planByRule = (
  ctx: Pick<Ctx | Tx, 'db'>,
  { order, amount }: { readonly order: Order; readonly amount: Money },
  now: Date,
): Promise<RefundPlan | NotRefundable> =>
  planFor(ctx, { order, amount, asked: null, isManager: true }, now);

interface Wanted {
  readonly order: Order;
  readonly amount: Money;
  /** Whether the access is to end, where somebody decides on that. */
  readonly asked: boolean | null;
  readonly isManager: boolean;
}

const planFor = async (
  ctx: Pick<Ctx | Tx, 'db'>,
  { order, amount, asked, isManager }: Wanted,
  now: Date,
): Promise<RefundPlan | NotRefundable> => {
  const { db } = ctx;
  const [payment] = await selectPayments(db, `order_id = $1 AND status = 'settled'`, [order.id]);
  const capabilities = payment && kitOf(ctx).providers.get(payment.provider)?.capabilities;
  if (payment === undefined || capabilities === undefined)
    return new NotRefundable('No provider has received money for it.', money(0n, order.currency));
  const facts = {
    ...(await historyOf(db, order)),
    ...{ order, amount, capabilities, isManager, now },
  };
  const problem = whyNotRefundable(facts);
  if (problem !== null) return new NotRefundable(problem, order.refundable);

  const left = await leftOfOrder(db, order, { payment, capabilities });
  return {
    order,
    payment,
    amount,
    taken: takeFrom(left, amount),
    endsAccess: endsAccess(order, amount, asked),
  };
};

const whyLinesStay = async (ctx: Pick<Tx, 'db'>, order: Order): Promise<string | null> => {
  for (const line of await linesOf(ctx.db, [order.id])) {
    const { whyNotReturned } = fulfilmentOf(ctx, line.purpose);
    const problem = await whyNotReturned?.(ctx.db, { order, line });
    if (problem != null) return problem;
  }
  return null;
};

const historyOf = async (db: EntityManager, { id }: Order) => {
  const [row] = await db.query<
    { count: number; lastAt: Date | null; isDisputed: boolean; isForPrizes: boolean }[]
  >(
    `SELECT count(*)::int AS count, max(created_at) AS "lastAt",
       EXISTS (SELECT FROM dispute WHERE order_id = $1 AND status = 'open') AS "isDisputed",
       EXISTS (SELECT FROM prize_funding WHERE order_id = $1) AS "isForPrizes"
     FROM refund WHERE order_id = $1 AND status <> 'failed'`,
    [id],
  );
  const { count = 0, lastAt = null, isDisputed = false, isForPrizes = false } = row ?? {};
  return { earlier: { count, lastAt }, isDisputed, isForPrizes };
};

/** What each account gives, added up by what kind of account it is. */
export const takenOf = (
  { taken, amount }: Pick<RefundPlan, 'taken' | 'amount'>,
  isWanted: (part: Taking) => boolean,
): Money =>
  sum(
    taken.filter(isWanted).map((part) => part.amount),
    amount.currency,
  );

export const creatorOf = ({ code, ownerId }: Taking): MemberId | null =>
  code === 'creator-earnings' ? (ownerId as MemberId | null) : null; // the owner of earnings is a member
