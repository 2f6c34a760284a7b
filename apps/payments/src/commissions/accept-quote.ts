import assert from 'node:assert/strict';
import { isId } from '@lyceum/contracts';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { PaymentSession, PayWithInput, startOrderPayment } from '../income/start-order-payment';
import { NotNow } from '../holds/not-now';
import { claimKey } from '../orders/command-key';
import {
  KeyReused,
  OrderIsClosed,
  OrderNotFound,
  ProviderFailed,
  ProviderUnknown,
  SoldOut,
} from '../orders/order.errors';
import { lockOrder, type Order, type OrderId } from '../orders/order.type';
import { placeOrder, takeTurns } from '../orders/place-order';
import { IncomeStream } from '../splits/split-table.entity';
import { splitInForce } from '../splits/split.queries';
import { assertMove } from '../state-machines';
import { CommissionNotFound, lockCommission } from './commission.type';

@InputType()
export class AcceptQuoteInput extends PayWithInput {
  @Field(() => ID) commissionId!: string;
  @Field(() => Int, { description: 'Of the quote that the client has seen.' }) quoteNumber!: number;
  @Field(() => String, { description: '1 to 200 characters. The same key orders once.' })
  idempotencyKey!: string;
}

export const AcceptQuoteResult = createUnionType({
  name: 'AcceptQuoteResult',
  types: () =>
    [
      PaymentSession,
      CommissionNotFound,
      NotNow,
      KeyReused,
      ProviderUnknown,
      ProviderFailed,
      OrderIsClosed,
      OrderNotFound,
    ] as const,
});
type Result = Promise<typeof AcceptQuoteResult>;

/** Agrees to a quote, and pays: the money is held until the work is accepted. */
export const acceptQuote = async (ctx: Ctx, input: AcceptQuoteInput): Result => {
  requireUser(ctx);
  if (!/^.{1,200}$/s.test(input.idempotencyKey))
    return new NotNow('An idempotency key has 1 to 200 characters.');
  const order = await place(ctx, input);
  return order instanceof UserError ? order : startOrderPayment(ctx, order, input);
};

const place = useCase(
  async (
    tx,
    input: AcceptQuoteInput,
  ): Promise<Order | CommissionNotFound | NotNow | KeyReused | OrderNotFound> => {
    const { accountId } = requireUser(tx);
    const { idempotencyKey: key, ...request } = input;
    const claim = await claimKey(tx, { operation: 'acceptQuote', key, request });
    if (claim instanceof KeyReused) return claim;
    const orderId = claim.resultId as OrderId; // made for it
    if (claim.isReplay) return (await lockOrder(tx.db, orderId)) ?? new OrderNotFound();
    await takeTurns(tx, accountId);
    return orderQuoted(tx, { orderId, input });
  },
);

const orderQuoted = async (
  tx: Tx,
  { orderId, input }: { orderId: OrderId; input: AcceptQuoteInput },
): Promise<Order | CommissionNotFound | NotNow> => {
  const commission = isId(input.commissionId)
    ? await lockCommission(tx.db, input.commissionId)
    : null;
  if (commission?.clientId !== requireUser(tx).accountId) return new CommissionNotFound();
  const { id, status, amount, communityId } = commission;
  if (status !== 'quoted') return new NotNow('There is no quote to accept.');
  if (commission.quoteNumber !== input.quoteNumber)
    return new NotNow('The quote is another one by now: look at it and decide again.');
  assert(amount !== null, 'a quote has an amount');
  assertMove('commission', status, 'ordered');
  await tx.db.query(`UPDATE commission SET status = 'ordered', order_id = $2 WHERE id = $1`, [
    id,
    orderId,
  ]);
  const scope = { communityId, productId: null, stream: IncomeStream.SALES };
  const order = await placeOrder(tx, {
    id: orderId,
    communityId,
    buyerId: commission.clientId,
    buyerMemberId: commission.clientMemberId,
    lines: [
      {
        purpose: 'commission',
        referenceId: id,
        title: 'Commission', // what it is about is the two sides' own
        amount,
        splitId: (await splitInForce(tx.db, scope, tx.now)).id,
        earnerId: commission.creatorId,
      },
    ],
    refundPolicy: { windowDays: 0, endsAccess: true }, // the quote has terms of its own
  });
  assert(!(order instanceof SoldOut), 'work does not sell out');
  return order;
};
