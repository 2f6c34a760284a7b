import type { CommunityId, MemberId } from '@lyceum/contracts';
import { groupBy } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { floorEntries, latestRuleSet, type DayOfMember, type PointEntry } from '../rules';
import { query } from '../sql';
import type { RuleBooks, StoredEntry } from './project-points';
import { daysOf, sumDays, type MemberDay } from './sum-days';
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
  const written = await writtenFloors(db, [...communities.keys()]);
  const members = await membersAtTheFloor(db, depthsOf(books, communities));
  for (const { memberId } of written) members.add(memberId);
  if (members.size === 0) return;

  const wanted = await wantedFloors(db, { books, communities, members: [...members] });
  const isAmong = (floors: readonly Floor[]) => {
    const known = new Set(floors.map(asText));
    return (floor: Floor) => known.has(asText(floor));
  };
  const obsolete = written.filter((floor) => !isAmong(wanted)(floor));
  const missing = wanted.filter((floor) => !isAmong(written)(floor));
  if (obsolete.length > 0)
    await db.query('DELETE FROM point_entry WHERE id = ANY($1)', [obsolete.map(({ id }) => id)]);
  if (missing.length > 0) await writeEntries(db, missing);
  await sumDays(db, daysOf([...obsolete, ...missing]));
};

const asText = ({ id, occurredAt, points }: Floor): string =>
  `${id} ${String(occurredAt.getTime())} ${String(points)}`;

const writtenFloors = (db: EntityManager, memberIds: readonly MemberId[]): Promise<Floor[]> =>
  query(
    db,
    `SELECT id, member_id AS "memberId", community_id AS "communityId", occurred_at AS "occurredAt", points
     FROM point_entry WHERE member_id = ANY($1) AND kind = 'floor'`,
    [memberIds],
  );

/** By member, how far a total may fall below its start; members of communities without a floor are absent. */
const depthsOf = (
  books: RuleBooks,
  communities: ReadonlyMap<MemberId, CommunityId>,
): Map<MemberId, number> => {
  const depths = new Map<MemberId, number>();
  for (const [memberId, communityId] of communities) {
    const book = books.get(communityId);
    const set = book && latestRuleSet(book);
    if (set && set.floor !== null) depths.set(memberId, set.startingPoints - set.floor);
  }
  return depths;
};

/** The members whose running total would go below the floor somewhere. */
const membersAtTheFloor = async (
  db: EntityManager,
  depths: ReadonlyMap<MemberId, number>,
): Promise<Set<MemberId>> => {
  const rows = await query<{ memberId: MemberId }>(
    db,
    `SELECT DISTINCT member_id AS "memberId" FROM (
       SELECT member_id, depth + sum(earned) OVER (PARTITION BY member_id ORDER BY day) - earned + lowest AS least
       FROM unnest($1::uuid[], $2::int[]) AS asked (member_id, depth) JOIN member_day USING (member_id)
       WHERE EXISTS (SELECT FROM member_day AS low WHERE low.member_id = asked.member_id AND low.lowest < 0)
     ) AS walked WHERE least < 0`,
    [[...depths.keys()], [...depths.values()]],
  );
  return new Set(rows.map(({ memberId }) => memberId));
};

const wantedFloors = async (
  db: EntityManager,
  asked: {
    books: RuleBooks;
    communities: ReadonlyMap<MemberId, CommunityId>;
    members: readonly MemberId[];
  },
): Promise<(PointEntry & { communityId: CommunityId })[]> => {
  const days = await query<DayOfMember & { memberId: MemberId }>(
    db,
    `SELECT member_id AS "memberId", day::text AS day, earned AS sum, lowest, last_at AS "lastAt"
     FROM member_day WHERE member_id = ANY($1) ORDER BY member_id, day`,
    [asked.members],
  );
  return [...groupBy(days, ({ memberId }) => memberId)].flatMap(([memberId, own]) => {
    const communityId = asked.communities.get(memberId);
    const book = communityId && asked.books.get(communityId);
    const set = book && latestRuleSet(book);
    if (!set || set.floor === null) return [];
    const depth = set.startingPoints - set.floor;
    return floorEntries(own, { communityId, memberId, ruleSetVersion: set.version, depth }).map(
      (entry) => ({ ...entry, communityId }),
    );
  });
};
