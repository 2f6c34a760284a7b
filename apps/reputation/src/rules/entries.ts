import type { CommunityId, MemberId } from '@lyceum/contracts';
import { compareText, utcDay, type Activity } from './activity';
import { entriesOfThing, type PointEntry } from './award';
import { dayOf, emptyDay, foldDay, isInForce } from './day';
import { floorEntries } from './floor';
import { limitPerMember } from './limits';
import { ruleSetOn, type Limit, type Rule, type RuleBook } from './rule-set';

/**
 * All entries of a community, from all its activity: what the incremental projection must equal, and
 * what a simulation of other rules runs. Depends on the set of activities alone: neither their order
 * nor repetitions change anything.
 */
export const entriesOf = (book: RuleBook, activities: readonly Activity[]): PointEntry[] => {
  const things = group(distinct(activities), (activity) => activity.key);
  const awarded = [...things.values()].flatMap((versions) => entriesOfThing(book, versions));
  const communityId = activities[0]?.communityId;
  if (communityId === undefined) return [];
  return [...group(awarded, (entry) => entry.memberId)]
    .flatMap(([memberId, own]) => entriesOfMember(book, { communityId, memberId }, own))
    .sort((a, b) => compareText(a.id, b.id));
};

/** A member's entries after all limits and the floor, from all that `entriesOfThing` gives for the member. */
export const entriesOfMember = (
  book: RuleBook,
  member: { readonly communityId: CommunityId; readonly memberId: MemberId },
  awarded: readonly PointEntry[],
): PointEntry[] => settled(book, member, limitLifetimes(book, awarded));

/** A member's entries with each day folded, and those that the floor adds. */
const settled = (
  book: RuleBook,
  member: { readonly communityId: CommunityId; readonly memberId: MemberId },
  own: readonly PointEntry[],
): PointEntry[] => {
  const days = [...group(own, dayOf)].map(([day, entries]) => {
    const { fold, awards } = foldDay(book, { ...emptyDay, day }, entries.filter(isInForce));
    const rest = entries.filter((entry) => !isInForce(entry));
    return { day, fold, entries: [...awards, ...rest] };
  });
  days.sort((a, b) => compareText(a.day, b.day));
  const entries = days.flatMap((one) => one.entries);
  const walk = days.map(({ day, fold, entries: ofDay }) => ({
    day,
    sum: fold.earned,
    lowest: fold.lowest,
    lastAt: lastOf(ofDay),
  }));
  return [...entries, ...floorEntries(walk, { ...member, book })];
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

const limitLifetimes = (book: RuleBook, entries: readonly PointEntry[]): PointEntry[] => {
  const limitOf = (entry: PointEntry) => (isInForce(entry) ? lifetimeLimitOf(book, entry) : null);
  const free = entries.filter((entry) => limitOf(entry) === null);
  const limited = group(
    entries.filter((entry) => limitOf(entry) !== null),
    (entry) => limitOf(entry)?.name ?? '',
  );
  return [...limited.values()].reduce((all, awards) => {
    return all.concat(limitPerMember(awards, (award) => limitOf(award)?.points ?? 0));
  }, free);
};

/** The rule behind an entry, as it was in force on the entry's day. */
export const ruleOf = (
  book: RuleBook,
  entry: Pick<PointEntry, 'rule' | 'occurredAt'>,
): Rule | null => ruleSetOn(book, utcDay(entry.occurredAt)).ruleNamed.get(entry.rule) ?? null;

/** The limit for all time that counts an entry: of the rules in force on its day. */
export const lifetimeLimitOf = (
  book: RuleBook,
  entry: Pick<PointEntry, 'rule' | 'occurredAt'>,
): Limit | null => ruleOf(book, entry)?.perMember ?? null;

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
