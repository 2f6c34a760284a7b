import { groupBy } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import {
  byOccurrence,
  dayOf,
  emptyDay,
  foldDay,
  isInForce,
  lifetimeLimitOf,
  type PointEntry,
  type RuleBook,
} from '../rules';
import { query } from '../sql';
import { limitLifetimes } from './limit-lifetimes';
import {
  daysOf,
  keyOfDay,
  loadDays,
  writeDays,
  type DayState,
  type MemberDay,
} from './member-days';
import type { RuleBooks, StoredEntry } from './project-points';
import { setPoints, writeEntries } from './write-entries';

/**
 * Writes entries and brings the days they fall on up to date. Entries that come after all others of
 * their day are folded on; a day that got anything else is read and folded again from nothing.
 */
export const foldEntries = async (
  db: EntityManager,
  books: RuleBooks,
  entries: readonly StoredEntry[],
): Promise<DayState[]> => {
  const before = await loadDays(db, daysOf(entries));
  const byDay = groupBy(entries, (entry) => keyOfDay({ ...entry, day: dayOf(entry) }));
  const folded: DayState[] = [];
  const ready: StoredEntry[] = [];
  const others: StoredEntry[] = [];
  for (const [key, own] of byDay) {
    const state = before.get(key);
    const book = state && books.get(state.communityId);
    if (!book) continue;
    if (own.every((entry) => comesAfter(state, entry) && isPlain(book, entry))) {
      const { fold, awards } = foldDay(book, state, own.filter(isInForce));
      folded.push({ ...state, ...fold, ...withStarts(state, own) });
      ready.push(...awards, ...own.filter((entry) => !isInForce(entry)));
    } else {
      others.push(...own);
    }
  }
  await writeEntries(db, [...ready, ...others]);
  const again = await foldAgain(db, books, others);
  for (const [key, state] of again.before) before.set(key, state);
  // A limit for all time may have reached into a day that was folded on: then that is counted again.
  const after = [...folded.filter((day) => !again.before.has(keyOfDay(day))), ...again.after];
  if (after.length > 0) await writeDays(db, before, after);
  return after;
};

/** Whether an entry can be folded on by itself: nothing takes it back, and no other day has a say in it. */
const isPlain = (book: RuleBook, entry: PointEntry): boolean =>
  entry.kind === 'start' || (isInForce(entry) && lifetimeLimitOf(book, entry) === null);

const comesAfter = ({ last }: DayState, entry: PointEntry): boolean =>
  last === null || byOccurrence(positionOf(last), positionOf(toLast(entry))) < 0;

type Last = NonNullable<DayState['last']>;

const positionOf = ({ at, activityId }: Last) => ({ occurredAt: at, eventId: activityId });

const toLast = (entry: Pick<PointEntry, 'occurredAt' | 'activityId'>): Last => ({
  at: entry.occurredAt,
  activityId: entry.activityId ?? '',
});

type EntryOfDay = Pick<PointEntry, 'kind' | 'points' | 'occurredAt' | 'activityId'>;

/** What a day keeps besides its fold: the points a member starts with, and which entry is the latest. */
const withStarts = (
  { started, last }: Pick<DayState, 'started' | 'last'>,
  entries: readonly EntryOfDay[],
): Pick<DayState, 'started' | 'last'> => ({
  started: entries.reduce(
    (sum, { kind, points }) => (kind === 'start' ? sum + points : sum),
    started,
  ),
  last: entries
    .map(toLast)
    .reduce<Last | null>(
      (latest, one) =>
        latest === null || byOccurrence(positionOf(latest), positionOf(one)) < 0 ? one : latest,
      last,
    ),
});

type Row = MemberDay &
  EntryOfDay &
  Pick<PointEntry, 'id' | 'rule' | 'reversedAt' | 'allowed' | 'counterpartId' | 'subjectId'>;

const foldAgain = async (
  db: EntityManager,
  books: RuleBooks,
  entries: readonly StoredEntry[],
): Promise<{ before: ReadonlyMap<string, DayState>; after: DayState[] }> => {
  if (entries.length === 0) return { before: new Map(), after: [] };
  const days = daysOf([...entries, ...(await limitLifetimes(db, books, entries))]);
  const before = await loadDays(db, days);
  const changed: Row[] = [];
  const after: DayState[] = [];
  const rows = groupBy(await entriesOfDays(db, days), keyOfDay);
  for (const day of days) {
    const book = books.get(day.communityId);
    const own = rows.get(keyOfDay(day));
    if (!book || !own) continue;
    const { fold, awards } = foldDay(book, { ...emptyDay, day: day.day }, own.filter(isInForce));
    const old = new Map(own.map((row) => [row.id, row.points]));
    changed.push(...awards.filter((award) => old.get(award.id) !== award.points));
    const wasLow = before.get(keyOfDay(day))?.wasLow ?? false;
    after.push({ ...day, ...fold, wasLow, ...withStarts({ started: 0, last: null }, own) });
  }
  await setPoints(db, changed);
  return { before, after };
};

const entriesOfDays = (db: EntityManager, days: readonly MemberDay[]): Promise<Row[]> =>
  query(
    db,
    `SELECT "memberId", "communityId", day::text AS day, entry.*
     FROM unnest($1::uuid[], $2::uuid[], $3::date[]) AS asked ("memberId", "communityId", day)
       CROSS JOIN LATERAL (
         SELECT id, activity_id AS "activityId", kind, rule, occurred_at AS "occurredAt", reversed_at AS "reversedAt",
           allowed, points, counterpart_id AS "counterpartId", subject_id AS "subjectId"
         FROM point_entry WHERE member_id = asked."memberId" AND kind <> 'floor'
           AND occurred_at >= asked.day AND occurred_at < asked.day + interval '1 day'
         OFFSET 0 -- looks each day up by the index, whatever the planner thinks of the table's size
       ) AS entry`,
    [
      days.map(({ memberId }) => memberId),
      days.map(({ communityId }) => communityId),
      days.map(({ day }) => day),
    ],
  );
