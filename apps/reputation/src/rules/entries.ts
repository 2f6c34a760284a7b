import type { CommunityId, MemberId } from '@lyceum/contracts';
import { compareText, utcDay, type Activity } from './activity';
import { entriesOfThing, type PointEntry } from './award';
import { floorEntries, stretchOf, type DayOfMember } from './floor';
import { limitPerDay, limitPerMember } from './limits';
import { latestRuleSet, ruleSetOn, type Limit, type RuleBook } from './rule-set';

/**
 * All entries of a community, from all its activity: what the incremental projection must equal, and
 * what a simulation of other rules runs. Depends on the set of activities alone: neither their order
 * nor repetitions change anything.
 */
export const entriesOf = (book: RuleBook, activities: readonly Activity[]): PointEntry[] => {
  const things = group(distinct(activities), (activity) => activity.key);
  const awarded = [...things.values()].flatMap((versions) => entriesOfThing(book, versions));
  const limited = limitDays(book, limitMembers(book, awarded));
  const communityId = activities[0]?.communityId;
  const floors = communityId === undefined ? [] : floorsOf(book, { communityId, entries: limited });
  return [...limited, ...floors].sort((a, b) => compareText(a.id, b.id));
};

export const totalsOf = (entries: readonly PointEntry[]): Map<MemberId, number> => {
  const totals = new Map<MemberId, number>();
  for (const { memberId, points } of entries)
    totals.set(memberId, (totals.get(memberId) ?? 0) + points);
  return totals;
};

/** One activity for each version of a thing: told twice under two ids, the lower id is meant. */
const distinct = (activities: readonly Activity[]): Activity[] => {
  const byVersion = group(activities, ({ key, version }) => `${key}\u0000${String(version)}`);
  return [...byVersion.values()].map((same) =>
    same.reduce((first, other) => (other.eventId < first.eventId ? other : first)),
  );
};

const limitMembers = (book: RuleBook, entries: readonly PointEntry[]): PointEntry[] =>
  underLimits(entries, {
    limitOf: (entry) => limitsOn(book, entry).perMember,
    groupOf: (entry, limit) => `${entry.memberId} ${limit.name}`,
    apply: limitPerMember,
  });

const limitDays = (book: RuleBook, entries: readonly PointEntry[]): PointEntry[] =>
  underLimits(entries, {
    limitOf: (entry) => limitsOn(book, entry).perDay,
    groupOf: (entry, limit) => `${entry.memberId} ${limit.name} ${utcDay(entry.occurredAt)}`,
    apply: limitPerDay,
  });

interface Limiting {
  readonly limitOf: (entry: PointEntry) => Limit | null;
  readonly groupOf: (entry: PointEntry, limit: Limit) => string;
  readonly apply: (entries: readonly PointEntry[], limit: number) => PointEntry[];
}

const underLimits = (
  entries: readonly PointEntry[],
  { limitOf, groupOf, apply }: Limiting,
): PointEntry[] => {
  const free: PointEntry[] = [];
  const groups = new Map<string, { limit: Limit; entries: PointEntry[] }>();
  for (const entry of entries) {
    const limit = entry.kind === 'award' && entry.reversedAt === null ? limitOf(entry) : null;
    if (limit === null) {
      free.push(entry);
      continue;
    }
    const key = groupOf(entry, limit);
    const known = groups.get(key);
    if (known) known.entries.push(entry);
    else groups.set(key, { limit, entries: [entry] });
  }
  return free.concat(...[...groups.values()].map((one) => apply(one.entries, one.limit.points)));
};

/**
 * The limits that count an entry: for its day, of the rules in force on that day; for all time, of the
 * latest rules, because it counts over all versions.
 */
export const limitsOn = (
  book: RuleBook,
  entry: Pick<PointEntry, 'rule' | 'occurredAt'>,
): { readonly perDay: Limit | null; readonly perMember: Limit | null } => ({
  perDay: ruleSetOn(book, utcDay(entry.occurredAt)).ruleNamed.get(entry.rule)?.perDay ?? null,
  perMember: latestRuleSet(book).ruleNamed.get(entry.rule)?.perMember ?? null,
});

const floorsOf = (
  book: RuleBook,
  { communityId, entries }: { communityId: CommunityId; entries: readonly PointEntry[] },
): PointEntry[] => {
  const set = latestRuleSet(book);
  const { floor } = set;
  if (floor === null) return [];
  const depth = set.startingPoints - floor;
  return [...group(entries, (entry) => entry.memberId)].flatMap(([memberId, own]) =>
    floorEntries(daysOf(own), { communityId, memberId, ruleSetVersion: set.version, depth }),
  );
};

const daysOf = (entries: readonly PointEntry[]): DayOfMember[] =>
  [...group(entries, (entry) => utcDay(entry.occurredAt))]
    .sort(([a], [b]) => compareText(a, b))
    .map(([day, own]) => ({ day, ...stretchOf(own), lastAt: lastOf(own) }));

const lastOf = (entries: readonly PointEntry[]): Date =>
  new Date(Math.max(...entries.map((entry) => entry.occurredAt.getTime())));

const group = <Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> => {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known) known.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
};
