import { PrizePaid, type MemberId } from '@lyceum/contracts';
import { divide, isZero, money, negate, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { moveMoney } from '../ledger/move-money';
import { prizePoolById, waitingPrizes, type PrizePool } from './prize-pool.type';

/**
 * Pays the prizes of a pool that wait, in their order, as far as it has what they are. What it has not enough for
 * waits on: nobody wins money that nobody paid in.
 */
export const payWaitingPrizes = async (tx: Tx, poolId: string): Promise<void> => {
  const pool = await prizePoolById(tx.db, poolId, 'FOR UPDATE');
  if (pool === null) return;
  let { amountMinor: left } = pool.left;
  for (const { id, memberId, amountMinor } of await waitingPrizes(tx.db, poolId)) {
    if (amountMinor > left) {
      tx.log.warn({ poolId, prizeId: id }, 'prize.not-funded');
      continue;
    }
    left -= amountMinor;
    const amount = money(amountMinor, pool.currency);
    await tx.db.query('UPDATE prize_pool SET paid_minor = paid_minor + $2 WHERE id = $1', [
      ...[poolId, amountMinor.toString()],
    ]);
    await tx.db.query('UPDATE prize SET paid_at = $2 WHERE id = $1', [id, tx.now]);
    await give(tx, pool, { key: `prize:${id}`, kind: 'prize', memberId, amount });
    await tx.emit(PrizePaid, { prizeId: id as never, memberId, poolId });
  }
};

/** What nobody was promised goes back to those who paid it in, in proportion to what each did. */
export const returnUnpromised = async (
  tx: Tx,
  poolId: string,
  promisedMinor: bigint,
): Promise<void> => {
  const pool = await prizePoolById(tx.db, poolId, 'FOR UPDATE');
  const size = pool === null ? 0n : pool.fundedMinor - promisedMinor - pool.returnedMinor;
  if (pool === null || size <= 0n) return;
  const fundings = await tx.db.query<{ id: string; memberId: MemberId; amountMinor: string }[]>(
    `SELECT id, member_id AS "memberId", amount_minor AS "amountMinor" FROM prize_funding
     WHERE pool_id = $1 AND amount_minor IS NOT NULL ORDER BY id`,
    [poolId],
  );
  const parts = divide(
    size,
    fundings.map(({ amountMinor }) => BigInt(amountMinor)),
  );
  await tx.db.query('UPDATE prize_pool SET returned_minor = returned_minor + $2 WHERE id = $1', [
    ...[poolId, size.toString()],
  ]);
  for (const [index, { id, memberId }] of fundings.entries()) {
    const amount = money(parts[index] ?? 0n, pool.currency);
    if (isZero(amount)) continue;
    await tx.db.query('UPDATE prize_funding SET returned_minor = $2 WHERE id = $1', [
      ...[id, amount.amountMinor.toString()],
    ]);
    const key = `prize-pool-returned:${id}`;
    await give(tx, pool, { key, kind: 'prize-pool-returned', memberId, amount });
  }
};

const give = (
  tx: Tx,
  pool: PrizePool,
  to: { key: string; kind: string; memberId: MemberId; amount: Money },
): Promise<unknown> =>
  moveMoney(tx, {
    key: to.key,
    kind: to.kind,
    movements: [
      { code: 'prize-pools', ownerId: pool.id, amount: negate(to.amount) },
      { code: 'creator-earnings', ownerId: to.memberId, amount: to.amount },
    ],
  });
