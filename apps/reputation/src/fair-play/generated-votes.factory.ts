import fc from 'fast-check';
import type { CastVote } from './find-series';

export interface Planted {
  readonly votes: readonly CastVote[];
  readonly rings: readonly (readonly string[])[];
}

const hourMs = 3_600_000;

/**
 * A community of honest voters, whose votes go where a few popular authors write, with rings planted in it: their
 * members vote for each other, and for others too, so as not to be seen. The same seed is the same community.
 */
export const aCommunityWithRings = (
  seed: number,
  { members = 400, rings = [2, 3, 5, 8] }: { members?: number; rings?: readonly number[] } = {},
): Planted => {
  const dice = diceOf(seed);
  const votes: CastVote[] = [];
  const cast = (from: string, to: string, times = 1) => {
    for (let i = 0; i < times && from !== to; i += 1)
      votes.push({
        ...{ key: `vote:${String(votes.length)}`, from, to, value: 1 },
        at: new Date(Date.UTC(2021, 4, 1) + dice(60 * 24) * hourMs),
      });
  };
  const honest = Array.from({ length: members }, (_, i) => `honest-${String(i)}`);
  /** Squared: the first write most, and are voted for most. */
  const popular = () => honest[Math.floor((dice(10_000) / 10_000) ** 2 * honest.length)] ?? '';
  for (const voter of honest) {
    const favourites = [popular(), popular(), popular()]; // everyone follows some authors more than others
    for (let i = dice(40); i > 0; i -= 1)
      cast(voter, dice(4) === 0 ? (favourites[dice(3)] ?? '') : popular());
  }
  const planted = rings.map((size, r) =>
    Array.from({ length: size }, (_, i) => `ring-${String(r)}-${String(i)}`),
  );
  for (const ring of planted)
    for (const from of ring) {
      for (const to of ring) cast(from, to, Math.max(4, Math.ceil(12 / ring.length)) + dice(3));
      for (let i = dice(6); i > 0; i -= 1) cast(from, popular());
      for (let i = dice(4); i > 0; i -= 1) cast(popular(), from);
    }
  return { votes, rings: planted };
};

/** Whole numbers below n; reproducible. */
const diceOf = (seed: number): ((n: number) => number) => {
  const stream = fc.sample(fc.infiniteStream(fc.nat()), { numRuns: 1, seed })[0];
  return (n) => Number(stream?.next().value ?? 0) % n;
};
