import assert from 'node:assert/strict';
import { money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import type { Fulfilment, LineOf } from '../orders/fulfilment';
import { lockPlacement, type AdPlacement } from './ad.type';
import { fund, withdraw } from './budget';

const placementOf = async (tx: Tx, { line }: LineOf): Promise<AdPlacement> => {
  const placement = await lockPlacement(tx.db, line.referenceId ?? '');
  assert(placement !== null, 'a line for a budget is about its placement');
  return placement;
};

const setStatus = (tx: Tx, { id }: AdPlacement, status: string): Promise<unknown> =>
  tx.db.query('UPDATE ad_placement SET status = $2 WHERE id = $1', [id, status]);

/**
 * A budget that was paid. To the order it is the platform's money, which puts it at the placement's disposal: so a refund or
 * a dispute takes it back from the platform, also when some of it has gone to authors already, who keep theirs.
 */
export const adFulfilment: Fulfilment = {
  credits: (_tx, { net }) =>
    Promise.resolve([{ code: 'platform-fee', ownerId: null, amount: net }]),
  settled: async (tx, of) => {
    const placement = await placementOf(tx, of);
    const budget = money(of.line.amountMinor - of.order.feeMinor, of.order.currency);
    await tx.db.query(
      `UPDATE ad_placement SET status = 'in-review', budget_minor = $2 WHERE id = $1`,
      [placement.id, budget.amountMinor.toString()],
    );
    await fund(tx, placement, budget);
  },
  closed: async (tx, of) => {
    await setStatus(tx, await placementOf(tx, of), 'ended');
  },
  refunded: async (tx, of) => {
    const placement = await placementOf(tx, of);
    await withdraw(tx, placement, of.amount);
    if (of.isFull && placement.status !== 'refused') await setStatus(tx, placement, 'ended');
  },
  // What is frozen is not shown; its budget stays where it is, and a dispute that is lost takes what is left of it.
  frozen: async (tx, of) => {
    const placement = await placementOf(tx, of);
    await tx.db.query('UPDATE ad_placement SET is_frozen = $2 WHERE id = $1', [
      placement.id,
      of.isFrozen,
    ]);
  },
};
