/** A vote in force, by a known voter. */
export interface CastVote {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly value: number;
  readonly at: Date;
}

export interface Series {
  readonly from: string;
  readonly to: string;
  readonly value: number;
  readonly keys: readonly string[];
}

/** So many votes of one kind for the posts of one member, so close together, are about the member. */
export const seriesBounds = { votes: 6, withinMs: 3_600_000 } as const;

/** Runs of votes by one member for one other, each as long as it goes on. */
export const findSeries = (votes: readonly CastVote[], bounds = seriesBounds): Series[] => {
  const pairs = new Map<string, CastVote[]>();
  for (const vote of votes) {
    if (vote.from === vote.to) continue;
    const key = `${vote.from} ${vote.to} ${String(vote.value)}`;
    pairs.set(key, [...(pairs.get(key) ?? []), vote]);
  }
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => seriesOfPair(own, bounds));
};

const seriesOfPair = (
  own: readonly CastVote[],
  { votes, withinMs }: { votes: number; withinMs: number },
): Series[] => {
  const inOrder = own.toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || (a.key < b.key ? -1 : 1),
  );
  const struck = new Set<string>();
  for (const [i, first] of inOrder.entries()) {
    const last = inOrder[i + votes - 1];
    if (last === undefined || last.at.getTime() - first.at.getTime() > withinMs) continue;
    for (const vote of inOrder.slice(i, i + votes)) struck.add(vote.key);
  }
  const [one] = inOrder;
  if (struck.size === 0 || one === undefined) return [];
  return [{ from: one.from, to: one.to, value: one.value, keys: [...struck] }];
};
