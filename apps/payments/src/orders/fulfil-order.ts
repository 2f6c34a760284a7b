import assert from 'node:assert/strict';
import type { Tx } from '@lyceum/platform';
import { kitOf } from '../kit';
import type { Fulfilment } from './fulfilment';
import type { Order, OrderLine } from './order.type';
import { piecesOf, sellHeldStock } from './stock';
import { tellPaid } from './tell-paid';

/** What becomes of lines of that purpose. */
export const fulfilmentOf = (tx: Pick<Tx, 'db'>, purpose: string): Fulfilment => {
  const fulfilment = kitOf(tx).fulfilments[purpose];
  assert(fulfilment !== undefined, `nobody knows what to do with a paid ${purpose}`);
  return fulfilment;
};

/** Gives what a paid order's lines are for, and tells of it. Called once, where the order becomes paid. */
export const fulfilOrder = async (
  tx: Tx,
  order: Order,
  lines: readonly OrderLine[],
): Promise<void> => {
  for (const line of lines) {
    const pieces = piecesOf(line);
    if (pieces !== null) await sellHeldStock(tx.db, pieces);
    await fulfilmentOf(tx, line.purpose).settled?.(tx, { order, line });
  }
  await tellPaid(tx, [
    {
      orderId: order.id,
      communityId: order.communityId,
      buyerId: order.buyerId,
      buyerMemberId: order.buyerMemberId,
      purposes: [...new Set(lines.map(({ purpose }) => purpose))],
      productIds: lines.flatMap(({ productId }) => productId ?? []),
      totalMinor: order.totalMinor.toString(),
      currency: order.currency,
      referrerId: order.referrerId,
    },
  ]);
};
