import { isId } from '@lyceum/contracts';
import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { closeOrder } from './close-order';
import { OrderIsClosed, OrderNotFound } from './order.errors';
import { lockOrder, Order } from './order.type';

@InputType()
export class CancelOrderInput {
  @Field(() => ID) orderId!: string;
}

export const CancelOrderResult = createUnionType({
  name: 'CancelOrderResult',
  types: () => [Order, OrderNotFound, OrderIsClosed] as const,
});

/** Gives an unpaid order up, by its buyer. Again it is still canceled. */
export const cancelOrder = useCase(
  async (tx, { orderId }: CancelOrderInput): Promise<typeof CancelOrderResult> => {
    const { accountId } = requireUser(tx);
    const order = isId(orderId) ? await lockOrder(tx.db, orderId) : null;
    if (order?.buyerId !== accountId) return new OrderNotFound();
    if (order.status === 'canceled') return order;
    if (order.status !== 'awaiting-payment') return new OrderIsClosed();
    await closeOrder(tx, order);
    return order;
  },
);
