import { createHash } from 'node:crypto';

/** A post that may get a place. */
export interface Candidate {
  readonly id: string;
  readonly type: 'question' | 'article';
  readonly authorId: string | null;
  /** Hot score times the author's weight. */
  readonly rank: number;
  /** Why it may have a place that is kept for those whom nobody knows yet; null for none of these. */
  readonly isNewBecause: 'newcomer' | 'unexposed' | null;
}

export interface Slot extends Pick<Candidate, 'id' | 'type' | 'authorId'> {
  readonly because: 'ranked' | 'newcomer' | 'unexposed';
}

/**
 * Who gets which place: every so many, as the share says, are drawn from those who are new, and all others go by rank.
 * The seed decides the draw and where the kept places lie; the same seed and posts always give the same list, and each
 * place is kept as often as the share says. Where one kind has run out the other goes on.
 */
export const slotsFor = (
  candidates: readonly Candidate[],
  { seed, sharePercent }: { readonly seed: string; readonly sharePercent: number },
): Slot[] => {
  const ranked = candidates.toSorted((a, b) => b.rank - a.rank || compare(a.id, b.id));
  const drawn = candidates
    .filter(({ isNewBecause }) => isNewBecause !== null && sharePercent > 0)
    .map((one) => ({ one, key: fraction(seed, one.id) }))
    .sort((a, b) => a.key - b.key || compare(a.one.id, b.one.id))
    .map(({ one }) => one);
  const offset = fraction(seed, 'places');
  const placed = new Set<string>();
  const slots: Slot[] = [];
  const take = (queue: Candidate[]): Candidate | undefined => {
    for (;;) {
      const next = queue.shift();
      if (next === undefined || !placed.has(next.id)) return next;
    }
  };
  while (slots.length < candidates.length) {
    const isKept = isKeptPlace(slots.length, { offset, sharePercent });
    const fresh = isKept ? take(drawn) : undefined;
    const next = fresh ?? take(ranked) ?? take(drawn);
    if (next === undefined) break;
    placed.add(next.id);
    const { id, type, authorId } = next;
    slots.push({ id, type, authorId, because: fresh?.isNewBecause ?? 'ranked' });
  }
  return slots;
};

/** Evenly spaced, from an offset on: of n places n · share are kept, but for less than one. */
export const isKeptPlace = (
  place: number,
  { offset, sharePercent }: { readonly offset: number; readonly sharePercent: number },
): boolean =>
  Math.floor(((place + 1) * sharePercent) / 100 + offset) >
  Math.floor((place * sharePercent) / 100 + offset);

/** From 0 to 1, as good as random, always the same for the same seed and name. */
const fraction = (seed: string, name: string): number =>
  createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE(0) / 2 ** 32;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
