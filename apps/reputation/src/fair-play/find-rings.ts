/*
 * Groups of members who vote for each other far more than their popularity explains. All from counts: who voted
 * how often for whom. The idea of lift is that of association rules (Brin, Motwani and Silverstein, 1997); the
 * components are Tarjan's (1972).
 */

export interface Votes {
  readonly from: string;
  readonly to: string;
  readonly n: number;
}

export interface Ring {
  readonly members: readonly string[];
  /** The least share of a member's votes that stay in the ring. */
  readonly insideShare: number;
}

export interface RingBounds {
  /** So many votes from one to one are noticed. */
  readonly votes: number;
  /** How often more than by chance, given how much one votes and the other receives. */
  readonly lift: number;
  /** The share of votes given, and of votes received, that stay inside. */
  readonly share: number;
  /** More members than these are a community, not a ring. */
  readonly members: number;
}

export const ringBounds: RingBounds = { votes: 3, lift: 5, share: 0.5, members: 30 };

/** Rings among members, each sorted, whatever the order of the votes. */
export const findRings = (votes: readonly Votes[], bounds: RingBounds = ringBounds): Ring[] => {
  const others = votes.filter(({ from, to }) => from !== to);
  const given = sums(others, ({ from }) => from);
  const received = sums(others, ({ to }) => to);
  const total = others.reduce((sum, { n }) => sum + n, 0);
  const striking = others.filter(({ from, to, n }) => {
    const byChance = ((given.get(from) ?? 0) * (received.get(to) ?? 0)) / total;
    return n >= bounds.votes && n >= bounds.lift * byChance;
  });
  return components(striking)
    .flatMap((component) => keepTight(component, { others, striking, given, received, bounds }))
    .sort((a, b) => ((a.members[0] ?? '') < (b.members[0] ?? '') ? -1 : 1));
};

interface World {
  readonly others: readonly Votes[];
  readonly striking: readonly Votes[];
  readonly given: ReadonlyMap<string, number>;
  readonly received: ReadonlyMap<string, number>;
  readonly bounds: RingBounds;
}

/** Leaves out, one round after the other, who votes mostly outside or is voted for mostly from outside. */
const keepTight = (component: readonly string[], world: World): Ring[] => {
  const members = new Set(component);
  const inside = world.others.filter(({ from, to }) => members.has(from) && members.has(to));
  const out = sums(inside, ({ from }) => from);
  const into = sums(inside, ({ to }) => to);
  const shareOf = (id: string) => (out.get(id) ?? 0) / (world.given.get(id) ?? 1);
  const kept = component.filter(
    (id) =>
      shareOf(id) >= world.bounds.share &&
      (into.get(id) ?? 0) / (world.received.get(id) ?? 1) >= world.bounds.share,
  );
  if (kept.length < 2) return [];
  if (kept.length === component.length)
    return component.length > world.bounds.members
      ? []
      : [{ members: component, insideShare: Math.min(...component.map(shareOf)) }];
  const left = new Set(kept);
  return components(
    world.striking.filter(({ from, to }) => left.has(from) && left.has(to)),
  ).flatMap((smaller) => keepTight(smaller, world));
};

const sums = (votes: readonly Votes[], keyOf: (vote: Votes) => string): Map<string, number> => {
  const found = new Map<string, number>();
  for (const vote of votes) found.set(keyOf(vote), (found.get(keyOf(vote)) ?? 0) + vote.n);
  return found;
};

/** Members who reach each other along these votes, two or more. Without recursion: a component may be long. */
const components = (edges: readonly Votes[]): string[][] => {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const walk: Walk = { next, index: new Map(), low: new Map(), stack: [], found: [] };
  for (const id of [...next.keys()].sort()) if (!walk.index.has(id)) visit(walk, id);
  return walk.found.filter(({ length }) => length > 1).map((one) => one.sort());
};

interface Walk {
  readonly next: ReadonlyMap<string, readonly string[]>;
  readonly index: Map<string, number>;
  readonly low: Map<string, number>;
  readonly stack: string[];
  readonly found: string[][];
}

const visit = (walk: Walk, start: string): void => {
  const open: { id: string; at: number }[] = [enter(walk, start)];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const to = walk.next.get(top.id)?.[top.at];
    top.at += 1;
    if (to === undefined) {
      leave(walk, top.id);
      open.pop();
      const above = open.at(-1);
      if (above !== undefined) lower(walk, above.id, walk.low.get(top.id));
    } else if (!walk.index.has(to)) open.push(enter(walk, to));
    else if (walk.stack.includes(to)) lower(walk, top.id, walk.index.get(to));
  }
};

const enter = ({ index, low, stack }: Walk, id: string): { id: string; at: number } => {
  low.set(id, index.size);
  index.set(id, index.size);
  stack.push(id);
  return { id, at: 0 };
};

const lower = ({ low }: Walk, id: string, to: number | undefined): void => {
  low.set(id, Math.min(low.get(id) ?? Infinity, to ?? Infinity));
};

const leave = ({ index, low, stack, found }: Walk, id: string): void => {
  if (low.get(id) !== index.get(id)) return;
  found.push(stack.splice(stack.indexOf(id)));
};
