import assert from 'node:assert/strict';
import type { Tx } from '@lyceum/platform';
import { holdNet, settleHeld } from '../holds/held-money';
import type { Fulfilment, LineOf } from '../orders/fulfilment';
import { addDays } from '../subscriptions/calendar';
import { lockCommission, type Commission } from './commission.type';
import { moveCommission } from './on-commission';

const commissionOf = async (tx: Tx, { line }: LineOf): Promise<Commission> => {
  const commission = await lockCommission(tx.db, line.referenceId ?? '');
  assert(commission !== null, 'a line of a commission is about it');
  return commission;
};

/** Work: paid, it is begun, and the money held until it is accepted. */
export const commissionFulfilment: Fulfilment = {
  credits: (tx, { order, line, net }) => {
    assert(line.referenceId !== null, 'a line of a commission is about it');
    return holdNet(tx, { id: line.referenceId, code: 'escrow' }, { order, net });
  },
  /** Also after its order has expired, as long as this is the quote that was agreed to, and nothing came after it. */
  isAvailable: async (tx, of) => {
    const { status, orderId, amountMinor } = await commissionOf(tx, of);
    const isOpen = status === 'ordered' || status === 'quoted';
    return isOpen && orderId === of.order.id && amountMinor === of.order.totalMinor;
  },
  settled: async (tx, of) => {
    const commission = await commissionOf(tx, of);
    const dueAt = addDays(tx.now, commission.deliverDays ?? 0);
    await moveCommission(tx, commission, { status: 'working', dueAt });
  },
  closed: async (tx, of) => {
    const commission = await commissionOf(tx, of);
    if (commission.status === 'ordered' && commission.orderId === of.order.id)
      await moveCommission(tx, commission, { status: 'quoted' });
  },
  whyNotReturned: () => Promise.resolve('A commission is canceled, on the terms of its quote.'),
  refunded: async (tx, { order, line, isFull }) => {
    if (!isFull) return;
    const commission = await commissionOf(tx, { order, line });
    if (commission.endedAt === null)
      await moveCommission(tx, commission, {
        status: 'canceled',
        outcome: 'All of it went back.',
        endedAt: tx.now,
      });
    await settleHeld(tx, order, commission.id);
  },
};
