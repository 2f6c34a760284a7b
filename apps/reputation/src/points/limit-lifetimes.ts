import type { CommunityId, MemberId } from '@lyceum/contracts';
import { groupBy } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { lifetimeLimitOf, limitPerMember, type Limit, type RuleBook } from '../rules';
import { query } from '../sql';
import type { RuleBooks, StoredEntry } from './project-points';
import { setPoints } from './write-entries';

/** Awards of a member that a limit for all time counts together. */
interface Lifetime {
  readonly n: number;
  readonly memberId: MemberId;
  readonly communityId: CommunityId;
  readonly rules: readonly string[];
  /** The least that any version of the rules allows: who gained less is not limited. */
  readonly limit: number;
  readonly name: string;
  readonly book: RuleBook;
}

type Award = Pick<
  StoredEntry,
  | 'memberId'
  | 'communityId'
  | 'id'
  | 'activityId'
  | 'rule'
  | 'occurredAt'
  | 'nominal'
  | 'allowed'
  | 'points'
>;

/**
 * Applies limits for all time to the members of these entries, and gives the awards that had to change;
 * an award that comes late may take the place of one on another day.
 */
export const limitLifetimes = async (
  db: EntityManager,
  books: RuleBooks,
  entries: readonly StoredEntry[],
): Promise<readonly Award[]> => {
  const lifetimes = lifetimesOf(books, entries);
  if (lifetimes.length === 0) return [];
  const exceeding = groupBy(await awardsOfExceeding(db, lifetimes), ({ n }) => n);
  const changed = [...exceeding].flatMap(([n, awards]) => {
    const lifetime = lifetimes[n];
    if (!lifetime) return [];
    const limitOf = (award: Award) => lifetimeLimitOf(lifetime.book, award);
    const own = awards.filter((award) => limitOf(award)?.name === lifetime.name);
    const old = new Map(own.map((award) => [award.id, award.allowed]));
    const limited = limitPerMember(own, (award) => limitOf(award)?.points ?? 0);
    return limited.filter((award) => old.get(award.id) !== award.allowed);
  });
  await setPoints(db, changed);
  return changed;
};

const lifetimesOf = (books: RuleBooks, entries: readonly StoredEntry[]): Lifetime[] => {
  const lifetimes = new Map<string, Lifetime>();
  for (const entry of entries) {
    const { memberId, communityId } = entry;
    const book = books.get(communityId);
    const limit = book && lifetimeLimitOf(book, entry);
    if (!limit) continue;
    const key = `${memberId} ${limit.name}`;
    if (lifetimes.has(key)) continue;
    lifetimes.set(key, {
      ...{ n: lifetimes.size, memberId, communityId, book },
      ...under(book, limit),
    });
  }
  return [...lifetimes.values()];
};

/** What any version of the rules counts under a limit of that name. */
const under = (book: RuleBook, { name }: Limit): Pick<Lifetime, 'name' | 'rules' | 'limit'> => {
  const counted = book
    .flatMap((set) => [...set.ruleNamed.values()])
    .filter(({ perMember }) => perMember?.name === name);
  return {
    name,
    rules: [...new Set(counted.map((rule) => rule.name))],
    limit: Math.min(...counted.map(({ perMember }) => perMember?.points ?? Infinity)),
  };
};

const awardsOfExceeding = (
  db: EntityManager,
  lifetimes: readonly Lifetime[],
): Promise<(Award & { n: number })[]> =>
  query(
    db,
    `WITH award AS (
       SELECT n, "limit", "memberId", "communityId", entry.* FROM json_to_recordset($1::json)
         AS lifetime (n int, "memberId" uuid, "communityId" uuid, rules text[], "limit" int)
       CROSS JOIN LATERAL (
         SELECT id, rule, activity_id AS "activityId", occurred_at AS "occurredAt", nominal, allowed, points
         FROM point_entry WHERE member_id = "memberId" AND rule = ANY(rules)
           AND kind = 'award' AND reversed_at IS NULL
         OFFSET 0 -- looks each member up by the index, whatever the planner thinks of the table's size
       ) AS entry
     )
     SELECT * FROM award WHERE n IN (
       SELECT n FROM award GROUP BY n, "limit"
       HAVING sum(greatest(nominal, 0)) > "limit" OR bool_or(allowed <> nominal)
     )`,
    [JSON.stringify(lifetimes.map(({ book: _, ...one }) => one))],
  );
