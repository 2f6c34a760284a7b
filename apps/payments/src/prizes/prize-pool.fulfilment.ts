import assert from 'node:assert/strict';
import { PrizePoolFunded } from '@lyceum/contracts';
import { money, negate } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { moveMoney } from '../ledger/move-money';
import type { Fulfilment } from '../orders/fulfilment';
import type { OrderLine } from '../orders/order.type';
import { payWaitingPrizes } from './pay-prizes';
import { prizePoolById } from './prize-pool.type';

const poolIdOf = async (tx: Tx, { referenceId }: OrderLine): Promise<string> => {
  const [funding] = await tx.db.query<{ poolId: string }[]>(
    'SELECT pool_id AS "poolId" FROM prize_funding WHERE id = $1',
    [referenceId],
  );
  assert(funding !== undefined, 'an order for a pool has its funding');
  return funding.poolId;
};

/**
 * What is paid into a pool is its funder's, and moved from there into the pool at once: a dispute then is a debt of the
 * funder, and never takes from winners what they have won.
 */
export const prizePoolFulfilment: Fulfilment = {
  isAvailable: async (tx, { line }) =>
    (await prizePoolById(tx.db, await poolIdOf(tx, line), 'FOR UPDATE'))?.isOpen === true,
  credits: (_tx, { line, net }) =>
    Promise.resolve([{ code: 'creator-earnings', ownerId: line.earnerId, amount: net }]),
  settled: async (tx, { order, line }) => {
    const poolId = await poolIdOf(tx, line);
    const amount = money(line.amountMinor - order.feeMinor, order.currency);
    await moveMoney(tx, {
      key: `prize-funding:${String(line.referenceId)}`,
      kind: 'prize-funding',
      movements: [
        { code: 'creator-earnings', ownerId: line.earnerId, amount: negate(amount) },
        { code: 'prize-pools', ownerId: poolId, amount },
      ],
    });
    await tx.db.query('UPDATE prize_funding SET amount_minor = $2 WHERE id = $1', [
      ...[line.referenceId, amount.amountMinor.toString()],
    ]);
    await tx.db.query(
      'UPDATE prize_pool SET funded_minor = funded_minor + $2, fundings = fundings + 1 WHERE id = $1',
      [poolId, amount.amountMinor.toString()],
    );
    const pool = await prizePoolById(tx.db, poolId);
    assert(pool !== null, 'pools are never deleted');
    await tx.emit(PrizePoolFunded, {
      ...{ poolId, communityId: pool.communityId, currency: pool.currency },
      fundedMinor: pool.fundedMinor.toString(),
      version: pool.fundings,
    });
    await payWaitingPrizes(tx, poolId);
  },
};
