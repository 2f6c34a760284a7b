import type { UserRow } from './tables';

/** How near computed reputations come to those that a dump states. */
export interface ReputationFigures {
  /** Those to whom anything happened that could earn or cost points. */
  readonly users: number;
  readonly pearson: number;
  readonly exact: number;
  readonly usersWithoutDownvotes: number;
  /** Share of exact ones among those who never cast a downvote: a dump tells how many, not on what. */
  readonly exactWithoutDownvotes: number;
  /** People whose figure differs, the worst first. */
  readonly offenders: readonly Offender[];
}

export interface Offender {
  readonly userId: number;
  readonly displayName: string;
  readonly stated: number;
  readonly computed: number;
}

/** Granted by Stack Exchange to people known on another of its sites; no dump tells to whom. */
const associationBonus = 100;
/** The site itself is no person. */
const siteUserId = -1;

export const compareReputations = (
  users: readonly UserRow[],
  computed: ReadonlyMap<number, number>,
): ReputationFigures => {
  const pairs = users
    .filter((user) => user.id !== siteUserId && computed.has(user.id))
    .map((user) => {
      const points = computed.get(user.id) ?? 0;
      return { user, points, nearest: withBonusIfNearer(points, user.reputation) };
    });
  const withoutDownvotes = pairs.filter(({ user }) => user.downVotes === 0);
  const isExact = ({ user, nearest }: (typeof pairs)[number]): boolean =>
    nearest === user.reputation;
  return {
    users: pairs.length,
    pearson: pearson(pairs.map(({ user, nearest }) => [nearest, user.reputation])),
    exact: share(pairs.filter(isExact).length, pairs.length),
    usersWithoutDownvotes: withoutDownvotes.length,
    exactWithoutDownvotes: share(withoutDownvotes.filter(isExact).length, withoutDownvotes.length),
    offenders: pairs
      .filter((pair) => !isExact(pair))
      .sort(
        (a, b) => Math.abs(b.nearest - b.user.reputation) - Math.abs(a.nearest - a.user.reputation),
      )
      .map(({ user, points }) => ({
        userId: user.id,
        displayName: user.displayName,
        stated: user.reputation,
        computed: points,
      })),
  };
};

const withBonusIfNearer = (points: number, stated: number): number =>
  Math.abs(points + associationBonus - stated) < Math.abs(points - stated)
    ? points + associationBonus
    : points;

/** 1 when nobody is there to differ. */
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

const pearson = (pairs: readonly (readonly [number, number])[]): number => {
  const n = pairs.length;
  if (n < 2) return 1;
  const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / n;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (const [x, y] of pairs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  return xx === 0 || yy === 0 ? Number(xx === yy) : xy / Math.sqrt(xx * yy);
};
