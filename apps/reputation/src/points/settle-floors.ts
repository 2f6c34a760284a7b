import type { CommunityId, MemberId } from '@lyceum/contracts';
import { groupBy } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { dayOf, floorEntries, leastDepth, type DayOfMember } from '../rules';
import { query } from '../sql';
import { addToTotals, type MemberDay } from './member-days';
import type { RuleBooks, StoredEntry } from './project-points';
import { writeEntries } from './write-entries';

type Floor = Pick<StoredEntry, 'id' | 'memberId' | 'communityId' | 'occurredAt' | 'points'>;

/**
 * Makes the floor entries of these members what all their days ask for. Only members that once lost
 * more than they had are looked at.
 */
export const settleFloors = async (
  db: EntityManager,
  books: RuleBooks,
  touched: readonly MemberDay[],
): Promise<void> => {
  const communities = new Map(touched.map(({ memberId, communityId }) => [memberId, communityId]));
  if (communities.size === 0) return;
  const members = await membersAtTheFloor(db, depthsOf(books, communities));
  if (members.length === 0) return;
  const written = await writtenFloors(db, members);
  const wanted = await wantedFloors(db, { books, communities, members });
  const obsolete = without(written, wanted);
  const missing = without(wanted, written);
  if (obsolete.length > 0)
    await db.query('DELETE FROM point_entry WHERE id = ANY($1)', [obsolete.map(({ id }) => id)]);
  if (missing.length > 0) await writeEntries(db, missing);
  if (obsolete.length + missing.length > 0) await moveDays(db, { obsolete, missing });
};

const without = <F extends Floor>(floors: readonly F[], others: readonly Floor[]): F[] => {
  const asText = ({ id, occurredAt, points }: Floor) =>
    `${id} ${String(occurredAt.getTime())} ${String(points)}`;
  const known = new Set(others.map(asText));
  return floors.filter((floor) => !known.has(asText(floor)));
};

/** By member, how little a total may fall below its start; members of communities without a floor are absent. */
const depthsOf = (
  books: RuleBooks,
  communities: ReadonlyMap<MemberId, CommunityId>,
): Map<MemberId, number> => {
  const depths = new Map<MemberId, number>();
  for (const [memberId, communityId] of communities) {
    const book = books.get(communityId);
    const depth = book ? leastDepth(book) : null;
    if (depth !== null) depths.set(memberId, depth);
  }
  return depths;
};

/** The members whose running total would go below the floor somewhere, or was thought to. */
const membersAtTheFloor = async (
  db: EntityManager,
  depths: ReadonlyMap<MemberId, number>,
): Promise<MemberId[]> => {
  const rows = await query<{ memberId: MemberId }>(
    db,
    `SELECT DISTINCT member_id AS "memberId" FROM (
       SELECT member_id, floored,
         depth + sum(earned) OVER (PARTITION BY member_id ORDER BY day) - earned + lowest AS least
       FROM unnest($1::uuid[], $2::int[]) AS asked (member_id, depth) CROSS JOIN LATERAL (
         SELECT day, earned, lowest, floored FROM member_day WHERE member_day.member_id = asked.member_id
           AND EXISTS (SELECT FROM member_day AS low WHERE low.member_id = asked.member_id
             AND (low.lowest < 0 OR low.floored <> 0))
       ) AS days
     ) AS walked WHERE least < 0 OR floored <> 0`,
    [[...depths.keys()], [...depths.values()]],
  );
  return rows.map(({ memberId }) => memberId);
};

const writtenFloors = (db: EntityManager, memberIds: readonly MemberId[]): Promise<Floor[]> =>
  query(
    db,
    `SELECT id, member_id AS "memberId", community_id AS "communityId", occurred_at AS "occurredAt", points
     FROM point_entry WHERE member_id = ANY($1) AND kind = 'floor'`,
    [memberIds],
  );

const wantedFloors = async (
  db: EntityManager,
  asked: {
    readonly books: RuleBooks;
    readonly communities: ReadonlyMap<MemberId, CommunityId>;
    readonly members: readonly MemberId[];
  },
): Promise<StoredEntry[]> => {
  const days = await query<DayOfMember & { memberId: MemberId }>(
    db,
    `SELECT member_id AS "memberId", day::text AS day, earned AS sum, lowest, last_at AS "lastAt"
     FROM member_day WHERE member_id = ANY($1) ORDER BY member_id, day`,
    [asked.members],
  );
  return [...groupBy(days, ({ memberId }) => memberId)].flatMap(([memberId, own]) => {
    const communityId = asked.communities.get(memberId);
    const book = communityId && asked.books.get(communityId);
    if (!book) return [];
    return floorEntries(own, { communityId, memberId, book }).map((entry) => ({
      ...entry,
      communityId,
    }));
  });
};

/** Tells days and totals what their floors are now. A day has one floor entry at most. */
const moveDays = async (
  db: EntityManager,
  { obsolete, missing }: { obsolete: readonly Floor[]; missing: readonly Floor[] },
): Promise<void> => {
  const gains = new Map<MemberId, number>();
  const floors = new Map<string, { memberId: MemberId; day: string; points: number }>();
  const add = ({ memberId, points }: Floor, sign: 1 | -1) =>
    gains.set(memberId, (gains.get(memberId) ?? 0) + sign * points);
  for (const floor of obsolete) {
    add(floor, -1);
    floors.set(floor.id, { memberId: floor.memberId, day: dayOf(floor), points: 0 });
  }
  for (const floor of missing) {
    add(floor, 1);
    floors.set(floor.id, { memberId: floor.memberId, day: dayOf(floor), points: floor.points });
  }
  const days = [...floors.values()];
  await db.query(
    `WITH told AS (
       UPDATE member_day SET floored = floor.points
       FROM unnest($1::uuid[], $2::date[], $3::int[]) AS floor (member_id, day, points)
       WHERE member_day.member_id = floor.member_id AND member_day.day = floor.day
     )
     ${addToTotals('$4', '$5')}`,
    [
      days.map(({ memberId }) => memberId),
      days.map(({ day }) => day),
      days.map(({ points }) => points),
      [...gains.keys()],
      [...gains.values()],
    ],
  );
};
