/** What trust is measured by: counts about a member, some of all time and some of the last 100 days. */
export const trustFacts = [
  'topicsEntered',
  'postsRead',
  'minutesRead',
  'daysVisited',
  'topicsReplied',
  'likesGiven',
  'likesReceived',
  'recentDaysVisited',
  'recentTopicsReplied',
  'recentShareOfTopics',
  'recentLikesGiven',
  'recentLikesReceived',
  'recentLikers',
  'recentLikedDays',
] as const;
export type TrustFact = (typeof trustFacts)[number];
export type TrustFacts = Readonly<Record<TrustFact, number>>;

export interface TrustLevel {
  readonly level: number;
  readonly name: string;
  readonly bars: Readonly<Partial<Record<TrustFact, number>>>;
}

/**
 * The levels of Discourse (site settings `tl1_requires_…` to `tl3_requires_…`). `recent…` is of 100 days; the share of
 * new topics is in percent, of 2000 topics at most, so that 500 are enough everywhere.
 */
export const trustLevels: readonly TrustLevel[] = [
  { level: 1, name: 'Basic', bars: { topicsEntered: 5, postsRead: 30, minutesRead: 10 } },
  {
    level: 2,
    name: 'Member',
    bars: {
      ...{ topicsEntered: 20, postsRead: 100, minutesRead: 60, daysVisited: 15 },
      ...{ likesGiven: 1, likesReceived: 1, topicsReplied: 3 },
    },
  },
  {
    level: 3,
    name: 'Regular',
    bars: {
      ...{ topicsEntered: 200, postsRead: 500, recentDaysVisited: 50, recentTopicsReplied: 10 },
      ...{ recentShareOfTopics: 25, recentLikesGiven: 30, recentLikesReceived: 20 },
      ...{ recentLikers: 5, recentLikedDays: 7 },
    },
  },
];

export interface Trust {
  readonly level: number;
  /** When the level was reached. */
  readonly since: Date;
}

const keptAbove = 0.9;
const keptDays = 14;
const dayMs = 86_400_000;

/**
 * The trust of a member by what is known now. Up at once, as far as all bars are met; down one level only when a
 * bar of it is missed by more than a tenth, or rules know it no longer, and never within two weeks: nobody flickers
 * between two levels.
 */
export const trustAfter = (
  before: Trust,
  facts: TrustFacts,
  { now, levels = trustLevels }: { readonly now: Date; readonly levels?: readonly TrustLevel[] },
): Trust => {
  const reached = levels.findLastIndex((_, i) =>
    levels.slice(0, i + 1).every((level) => meets(level, facts, 1)),
  );
  const level = levels[reached]?.level ?? 0;
  if (level > before.level) return { level, since: now };
  if (now.getTime() - before.since.getTime() < keptDays * dayMs) return before;
  const own = levels.find((one) => one.level === before.level);
  const isKept = own === undefined ? before.level === 0 : meets(own, facts, keptAbove);
  if (isKept) return before;
  return { level: before.level - 1, since: now };
};

const meets = ({ bars }: TrustLevel, facts: TrustFacts, share: number): boolean =>
  (Object.entries(bars) as [TrustFact, number][]).every(
    ([fact, bar]) => facts[fact] >= bar * share,
  );
