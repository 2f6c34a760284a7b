import { isId, type AccountId } from '@lyceum/contracts';
import { allocate } from '@lyceum/money';
import { enqueue, requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { releaseCoupon } from '../coupons/reserve-coupon';
import { MoneyInput } from '../graph/money.type';
import { claimKey } from '../orders/command-key';
import { fulfilmentOf } from '../orders/fulfil-order';
import { KeyReused, OrderNotFound } from '../orders/order.errors';
import { linesOf, lockOrder } from '../orders/order.type';
import { planRefund, type RefundPlan } from './plan-refund';
import { NotRefundable } from './refund-terms';
import { Refund, selectRefunds } from './refund.type';
import { sendRefund } from './send-refund.job';
import { writeRefund, type RefundId } from './write-refund';

@InputType()
export class RefundOrderInput {
  @Field(() => ID) orderId!: string;
  @Field(() => MoneyInput, { nullable: true, description: 'All that is left by default.' })
  amount?: MoneyInput | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      "As the order's terms say by default; only who manages the catalogue decides otherwise.",
  })
  endsAccess?: boolean | null;
  @Field(() => String, { defaultValue: '', description: 'At most 200 characters.' })
  reason!: string;
  @Field(() => String, { description: '1 to 200 characters; the same key again refunds once.' })
  idempotencyKey!: string;
}

export const RefundOrderResult = createUnionType({
  name: 'RefundOrderResult',
  types: () => [Refund, OrderNotFound, NotRefundable, KeyReused] as const,
});
type Result = Promise<typeof RefundOrderResult>;

/** Gives money back, exactly as the preview of the same request says. */
export const refundOrder = async (ctx: Ctx, input: RefundOrderInput): Result => {
  const result = await refund(ctx, input);
  if (!(result instanceof UserError)) await sendSoon(ctx, result.id);
  return result;
};

/** Has the provider asked, once the refund is committed. */
export const sendSoon = (ctx: Ctx, refundId: RefundId): Promise<void> =>
  enqueue(ctx.deps, sendRefund, { input: { refundId } }).catch((error: unknown) => {
    ctx.log.warn({ err: error, refundId }, 'refund.not-queued'); // a sweep finds it
  });

const refund = useCase(async (tx, input: RefundOrderInput): Result => {
  const { accountId } = requireUser(tx);
  const { idempotencyKey: key, ...request } = input;
  const claim = await claimKey(tx, { operation: 'refundOrder', key: key.slice(0, 200), request });
  if (claim instanceof KeyReused) return claim;
  const id = claim.resultId as RefundId; // made for it
  if (!claim.isReplay) {
    const order = isId(input.orderId) ? await lockOrder(tx.db, input.orderId) : null;
    if (order === null) return new OrderNotFound();
    const plan = await planRefund(tx, input, tx.now);
    if (plan instanceof UserError) return plan;
    await carryOut(tx, plan, { id, reason: input.reason.slice(0, 200), accountId });
  }
  const [written] = await selectRefunds(tx.db, 'id = $1', [id]);
  return written ?? new OrderNotFound();
});

/** Money, access and what else the lines have given, in one transaction. */
export const carryOut = async (
  tx: Tx,
  plan: RefundPlan,
  by: { readonly id: RefundId; readonly reason: string; readonly accountId: AccountId | null },
): Promise<void> => {
  const { order, amount } = plan;
  await writeRefund(tx, { ...plan, ...by, origin: 'order', requestedBy: by.accountId });
  order.refundedMinor += amount.amountMinor;
  await tx.db.query('UPDATE sales_order SET refunded_minor = $2 WHERE id = $1', [
    order.id,
    order.refundedMinor.toString(),
  ]);
  const isFull = order.refundedMinor === order.totalMinor;
  if (isFull) await releaseCoupon(tx, order.id);
  const lines = await linesOf(tx.db, [order.id]);
  const parts = allocate(
    amount,
    lines.map(({ amountMinor }) => amountMinor),
  );
  for (const [index, line] of lines.entries())
    await fulfilmentOf(tx, line.purpose).refunded?.(tx, {
      order,
      line,
      amount: parts[index] ?? line.amount,
      isFull,
      endsAccess: plan.endsAccess,
    });
};
