import { money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { providerOwner } from '../ledger/move-money';
import type { Order } from '../orders/order.type';
import type { Payment } from '../orders/payment.type';
import { writeRefund } from './write-refund';

/**
 * A payment for an order that cannot be paid any more (paid twice, sold out meanwhile) goes back whole, at once. Nobody
 * has had anything of it, so nobody gives anything but the clearing account.
 */
export const giveBackUnassigned = async (tx: Tx, order: Order, payment: Payment): Promise<void> => {
  const amount = money(payment.amountMinor, payment.currency);
  await writeRefund(tx, {
    order,
    payment,
    origin: 'unassigned',
    amount,
    taken: [{ code: 'provider-clearing', ownerId: providerOwner(payment.provider), amount }],
    endsAccess: false,
    reason: 'The order could no longer be paid.',
    requestedBy: null,
  });
};
