import type { CommunityId, MemberId } from '@lyceum/contracts';
import { groupBy } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import {
  latestRuleSet,
  limitPerDay,
  limitPerMember,
  limitsOn,
  ruleSetOn,
  utcDay,
  type Day,
  type Limit,
  type PointEntry,
  type RuleSet,
} from '../rules';
import { query } from '../sql';
import type { RuleBooks, StoredEntry } from './project-points';

/** Awards that one limit counts together: those of a member, on a day or ever, under some rules. */
interface Group {
  readonly n: number;
  readonly memberId: MemberId;
  readonly communityId: CommunityId;
  /** Null: a limit for all time. */
  readonly day: Day | null;
  readonly rules: readonly string[];
  readonly limit: number;
}

type Award = Pick<StoredEntry, 'memberId' | 'communityId' | 'rule' | 'id' | 'activityId'> &
  Pick<PointEntry, 'occurredAt' | 'nominal' | 'allowed' | 'points'>;

/** Brings the points of awards under limits up to date, and gives those that had to change. */
export const applyLimits = async (
  db: EntityManager,
  books: RuleBooks,
  entries: readonly StoredEntry[],
): Promise<readonly Award[]> => {
  const awards = entries.filter(({ kind }) => kind === 'award');
  const changed = await limit(db, lifetimes(books, awards));
  const daily = await limit(db, days(books, [...awards, ...changed]));
  return [...changed, ...daily];
};

const lifetimes = (books: RuleBooks, awards: readonly StoredEntry[]): Group[] =>
  groupsOf(awards, (award) => {
    const book = books.get(award.communityId);
    if (!book) return null;
    const { perMember } = limitsOn(book, award);
    return perMember && { ...counted(latestRuleSet(book), perMember), day: null };
  });

const days = (books: RuleBooks, awards: readonly Award[]): Group[] =>
  groupsOf(awards, (award) => {
    const book = books.get(award.communityId);
    if (!book) return null;
    const day = utcDay(award.occurredAt);
    const { perDay } = limitsOn(book, award);
    return perDay && { ...counted(ruleSetOn(book, day), perDay), day };
  });

const counted = (set: RuleSet, { name, points }: Limit): Pick<Group, 'rules' | 'limit'> => ({
  rules: [...set.ruleNamed.values()]
    .filter(({ perDay, perMember }) => perDay?.name === name || perMember?.name === name)
    .map((rule) => rule.name),
  limit: points,
});

const groupsOf = <A extends Pick<Award, 'memberId' | 'communityId'>>(
  awards: readonly A[],
  groupOf: (award: A) => Pick<Group, 'rules' | 'limit' | 'day'> | null,
): Group[] => {
  const groups = new Map<string, Group>();
  for (const award of awards) {
    const group = groupOf(award);
    if (group === null) continue;
    const { memberId, communityId } = award;
    const key = [memberId, group.day, ...group.rules].join(' ');
    if (!groups.has(key)) groups.set(key, { ...group, memberId, communityId, n: groups.size });
  }
  return [...groups.values()];
};

/** Clips the groups that exceed their limit, or did before, and gives the awards that changed. */
const limit = async (db: EntityManager, groups: readonly Group[]): Promise<Award[]> => {
  if (groups.length === 0) return [];
  const exceeding = groupBy(await awardsOfExceeding(db, groups), (award) => award.n);
  const changed = [...exceeding].flatMap(([n, awards]) => {
    const group = groups[n];
    if (!group) return [];
    const clip = group.day === null ? limitPerMember : limitPerDay;
    const before = new Map(awards.map((award) => [award.id, award]));
    return clip(awards, group.limit).filter((award) => {
      const old = before.get(award.id);
      return old?.points !== award.points || old.allowed !== award.allowed;
    });
  });
  if (changed.length > 0) await writeClipped(db, changed);
  return changed;
};

const awardsOfExceeding = (
  db: EntityManager,
  groups: readonly Group[],
): Promise<(Award & { n: number })[]> =>
  query(
    db,
    `WITH groups AS (
       SELECT * FROM json_to_recordset($1::json)
         AS one (n int, "memberId" uuid, "communityId" uuid, day timestamptz, rules text[], "limit" int)
     ), counted AS (
       SELECT n, id, activity_id, rule, occurred_at, nominal, allowed, points, "memberId", "communityId", "limit", day
       FROM groups JOIN LATERAL (
         SELECT * FROM point_entry
         WHERE member_id = "memberId" AND kind = 'award' AND reversed_at IS NULL AND rule = ANY(rules)
           AND occurred_at >= coalesce(day, '-infinity')
           AND occurred_at < coalesce(day + interval '1 day', 'infinity')
       ) AS entry ON true
     ), exceeding AS (
       SELECT n FROM counted GROUP BY n, "limit", day
       HAVING CASE WHEN day IS NULL
         THEN sum(greatest(nominal, 0)) > "limit" OR bool_or(allowed <> nominal)
         ELSE sum(greatest(allowed, 0)) > "limit" OR bool_or(points <> allowed) END
     )
     SELECT n, id, "memberId", "communityId", rule, activity_id AS "activityId", occurred_at AS "occurredAt",
       nominal, allowed, points
     FROM counted JOIN exceeding USING (n)`,
    [JSON.stringify(groups)],
  );

const writeClipped = async (db: EntityManager, awards: readonly Award[]): Promise<void> => {
  await db.query(
    `UPDATE point_entry AS entry SET allowed = clipped.allowed, points = clipped.points
     FROM unnest($1::uuid[], $2::int[], $3::int[]) AS clipped (id, allowed, points) WHERE entry.id = clipped.id`,
    [
      awards.map(({ id }) => id),
      awards.map(({ allowed }) => allowed),
      awards.map(({ points }) => points),
    ],
  );
};
