import { money } from '@lyceum/money';
import type { EntityManager } from 'typeorm';
import type { AccountCode } from '../ledger/chart';
import { providerOwner } from '../ledger/move-money';
import type { Capabilities } from '../providers/provider';
import type { Order } from '../orders/order.type';
import type { Payment } from '../orders/payment.type';
import { leftAfter, takenFromJson, type Taking } from './taken';

/**
 * Who still has how much of an order's money: its credits and the provider's fee, less what refunds and disputes took.
 * A fee that the provider keeps is the platform's to bear, so that the buyer gets everything back.
 */
export const leftOfOrder = async (
  db: EntityManager,
  order: Order,
  { payment, capabilities }: { payment: Payment; capabilities: Pick<Capabilities, 'feeOnRefund'> },
): Promise<readonly Taking[]> => {
  const credits = await db.query<
    { code: AccountCode; ownerId: string | null; amountMinor: string }[]
  >(
    `SELECT code, owner_id AS "ownerId", amount_minor AS "amountMinor" FROM order_credit
     WHERE order_id = $1 ORDER BY number`,
    [order.id],
  );
  const released = await db.query<{ moves: unknown }[]>(
    'SELECT moves FROM held_release WHERE order_id = $1',
    [order.id],
  );
  const fee: Taking = {
    ...(capabilities.feeOnRefund === 'pro-rata'
      ? { code: 'provider-fee', ownerId: providerOwner(payment.provider) }
      : { code: 'platform-fee', ownerId: null }),
    amount: money(order.feeMinor, order.currency),
  };
  const whole: Taking[] = [
    ...credits.map(({ code, ownerId, amountMinor }) => ({
      code,
      ownerId,
      amount: money(BigInt(amountMinor), order.currency),
    })),
    fee,
    ...released.flatMap(({ moves }) => takenFromJson(moves, order.currency)),
  ];
  const taken = await db.query<{ taken: unknown }[]>(
    `SELECT taken FROM refund WHERE order_id = $1 AND origin = 'order' AND status <> 'failed'
     UNION ALL SELECT taken FROM dispute WHERE order_id = $1 AND status <> 'won'`,
    [order.id],
  );
  return leftAfter(
    whole,
    taken.map((row) => takenFromJson(row.taken, order.currency)),
  );
};
