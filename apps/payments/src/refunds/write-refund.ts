import { newId, type AccountId, type Id } from '@lyceum/contracts';
import type { Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { moveMoney } from '../ledger/move-money';
import type { Order } from '../orders/order.type';
import type { Payment } from '../orders/payment.type';
import { movementsBack, takenToJson, type Taking } from './taken';

export type RefundId = Id<'Refund'>;

export interface NewRefund {
  readonly id?: RefundId;
  readonly order: Order;
  readonly payment: Payment;
  /** `unassigned` is money that never became an order's. */
  readonly origin: 'order' | 'unassigned';
  readonly amount: Money;
  readonly taken: readonly Taking[];
  readonly endsAccess: boolean;
  readonly reason: string;
  readonly requestedBy: AccountId | null;
}

/** Takes the money from who has it and puts it on its way back; a job asks the provider to pay it out. */
export const writeRefund = async (tx: Tx, refund: NewRefund): Promise<RefundId> => {
  const { amount, taken } = refund;
  const id = refund.id ?? newId<'Refund'>();
  await tx.db.query(
    `INSERT INTO refund (id, order_id, payment_id, status, origin, amount_minor, currency, taken, ends_access, reason,
       requested_by, next_attempt_at, created_at)
     VALUES ($1, $2, $3, 'requested', $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
    [
      id,
      refund.order.id,
      refund.payment.id,
      refund.origin,
      amount.amountMinor.toString(),
      amount.currency,
      takenToJson(taken),
      refund.endsAccess,
      refund.reason,
      refund.requestedBy,
      tx.now,
    ],
  );
  await moveMoney(tx, {
    key: `refund:${id}`,
    kind: 'refund',
    movements: [...movementsBack(taken), { code: 'refunds', ownerId: null, amount }],
  });
  return id;
};
