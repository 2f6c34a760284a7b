import { divide } from '@lyceum/money';
import type { Ranked } from './rank-entries';

/** In points, or in minor units of the contest's currency. */
export interface Pool {
  /** What the owners gave: what no place takes stays theirs. */
  readonly budget: bigint;
  /** What entrants gave: winners share all of it. */
  readonly staked: bigint;
  /** In which proportion the places share. */
  readonly shares: readonly number[];
}

export interface Win extends Ranked {
  readonly amount: bigint;
}

/**
 * The prizes: as many as there are places, one a member, none for a total of zero. The budget is divided over all
 * places, taken or not, the stakes over those that are taken, so their sum is never more than the pool.
 */
export const dividePool = (pool: Pool, ranking: readonly Ranked[]): readonly Win[] => {
  const winners = bestOfEach(ranking)
    .filter(({ why }) => why.total > 0)
    .slice(0, pool.shares.length);
  if (winners.length === 0) return [];
  const weights = pool.shares.map(BigInt);
  const fromBudget = divide(pool.budget, weights);
  const fromStakes = divide(pool.staked, weights.slice(0, winners.length));
  return winners
    .map((winner, index) => ({
      ...winner,
      place: index + 1,
      amount: (fromBudget[index] ?? 0n) + (fromStakes[index] ?? 0n),
    }))
    .filter(({ amount }) => amount > 0n);
};

const bestOfEach = (ranking: readonly Ranked[]): readonly Ranked[] => {
  const seen = new Set<string>();
  return ranking.filter(({ memberId }) => !seen.has(memberId) && seen.add(memberId));
};
