import { OrderPaid, type PayloadOf } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { tellEndpoints } from '../webhooks-out/tell';

/** Tells that orders were paid: the other domains, and who listens from outside. */
export const tellPaid = async (
  tx: Tx,
  orders: readonly PayloadOf<typeof OrderPaid>[],
): Promise<void> => {
  for (const order of orders) await tx.emit(OrderPaid, order);
  await tellEndpoints(
    tx,
    orders.map((order) => ({
      communityId: order.communityId,
      type: 'order.paid',
      objectId: order.orderId,
      data: order,
    })),
  );
};
