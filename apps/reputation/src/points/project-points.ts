import type { CommunityId, MemberId } from '@lyceum/contracts';
import { groupBy } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { withAllVersions } from '../activity/activity-log';
import { query } from '../sql';
import { entriesOfThing, type Activity, type PointEntry, type RuleBook } from '../rules';
import { foldEntries } from './fold-days';
import { settleFloors } from './settle-floors';

export type RuleBooks = ReadonlyMap<CommunityId, RuleBook>;

/** An entry and whose it is, as the table has it. */
export type StoredEntry = PointEntry & { readonly communityId: CommunityId };

/**
 * Brings the points up to date with activities that are in the log: the same rows result from any
 * number of calls, in any order, with any overlap. Each step is a few statements, however many activities.
 * Locks members in sorted order, so many callers may run at once; the caller holds the rules.
 */
export const projectPoints = async (
  db: EntityManager,
  books: RuleBooks,
  activities: readonly Activity[],
): Promise<void> => {
  const judged = activities.filter(({ communityId }) => books.has(communityId));
  if (judged.length === 0) return;
  await lockThings(db, judged);
  const locked = await lockMembers(db, peopleOf(judged));
  const versions = await withAllVersions(db, judged);
  // Another version may name other people, for example when another answer is accepted instead.
  const others = peopleOf(versions).filter(({ memberId }) => !locked.has(memberId));
  if (others.length > 0) await lockMembers(db, others);

  const entries = entriesOf(books, versions);
  if (entries.length === 0) return;
  const days = await foldEntries(db, books, entries);
  await settleFloors(
    db,
    books,
    days.filter(({ lowest, wasLow }) => lowest < 0 || wasLow),
  );
};

/** What the rules make of things, of each of which these are all versions. */
export const entriesOf = (books: RuleBooks, versions: readonly Activity[]): StoredEntry[] =>
  [...groupBy(versions, ({ communityId, key }) => `${communityId} ${key}`).values()].flatMap(
    (thing) => {
      const communityId = thing[0]?.communityId;
      const book = communityId && books.get(communityId);
      if (!book) return [];
      return entriesOfThing(book, thing).map((entry) => ({ ...entry, communityId }));
    },
  );

interface Person {
  readonly memberId: MemberId;
  readonly communityId: CommunityId;
}

const peopleOf = (activities: readonly Activity[]): Person[] => {
  const people = new Map<MemberId, Person>();
  for (const { communityId, actorId, subjectAuthorId } of activities) {
    if (actorId !== null) people.set(actorId, { memberId: actorId, communityId });
    if (subjectAuthorId !== null)
      people.set(subjectAuthorId, { memberId: subjectAuthorId, communityId });
  }
  return [...people.values()];
};

/**
 * Two versions of a thing must not be judged at once by two workers that don't see each other's. The
 * locks on members see to that, but for a thing whose versions may have no member in common.
 */
const lockThings = async (db: EntityManager, activities: readonly Activity[]): Promise<void> => {
  const anonymous = activities.filter(
    ({ kind, actorId }) => kind === 'acceptance' && actorId === null,
  );
  if (anonymous.length === 0) return;
  await db.query(
    `SELECT pg_advisory_xact_lock(id) FROM
       (SELECT DISTINCT hashtextextended(key, 0) AS id FROM unnest($1::text[]) AS key ORDER BY id) AS lock`,
    [anonymous.map(({ key }) => key)],
  );
};

/** Makes rows for members that have none, then locks all: in this order, or two workers would deadlock. */
export const lockMembers = async (
  db: EntityManager,
  people: readonly Person[],
): Promise<ReadonlySet<MemberId>> => {
  const memberIds = people.map(({ memberId }) => memberId);
  const [mine] = await query<{ rows: number }>(
    db,
    `WITH added AS (
       INSERT INTO member_standing (member_id, community_id)
       SELECT member_id, community_id FROM unnest($1::uuid[], $2::uuid[]) AS person (member_id, community_id)
       ORDER BY member_id ON CONFLICT DO NOTHING RETURNING member_id
     ), locked AS (
       SELECT member_id FROM member_standing
       WHERE member_id = ANY($1) AND (SELECT count(*) FROM added) >= 0 -- added comes first
       ORDER BY member_id FOR NO KEY UPDATE
     )
     SELECT ((SELECT count(*) FROM added) + (SELECT count(*) FROM locked))::int AS rows`,
    [memberIds, people.map(({ communityId }) => communityId)],
  );
  // The statement could not see a row that another worker added while it ran.
  if (mine?.rows !== memberIds.length)
    await db.query(
      'SELECT FROM member_standing WHERE member_id = ANY($1) ORDER BY member_id FOR NO KEY UPDATE',
      [memberIds],
    );
  return new Set(memberIds);
};
