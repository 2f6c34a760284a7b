import type { CommunityId } from '@lyceum/contracts';
import type { BatchQuery } from '@lyceum/platform';
import { groupBy } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { activate, ruleSetDefinition, type RuleBook, type RuleSet } from '../rules';
import { query } from '../sql';

interface RuleSetRow {
  communityId: CommunityId;
  version: number;
  activeFrom: string | null;
  definition: unknown;
  parameters: Record<string, number>;
}

/** The rules of these communities, all versions; communities that we have not heard of are absent. */
export const ruleBooks = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, RuleBook>> => {
  const rows = await query<RuleSetRow>(
    db,
    `SELECT community_id AS "communityId", version, active_from::text AS "activeFrom", definition, parameters
     FROM rule_set WHERE community_id = ANY($1) AND is_in_force ORDER BY community_id, version`,
    [communityIds],
  );
  return new Map(
    [...groupBy(rows, (row) => row.communityId)].flatMap(([communityId, versions]) => {
      const [first, ...later] = versions.map((row) => runnable(row));
      return first === undefined ? [] : [[communityId, [first, ...later] as const]];
    }),
  );
};

/** Versions never change, so each is made runnable once in a process. */
const runnable = (row: RuleSetRow): RuleSet => {
  const key = `${row.communityId} ${String(row.version)} ${JSON.stringify([row.activeFrom, row.definition, row.parameters])}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const { version, activeFrom, parameters } = row;
  const set = activate(ruleSetDefinition.parse(row.definition), {
    version,
    activeFrom,
    parameters,
  });
  if (made.size >= maxMade) made.clear();
  made.set(key, set);
  return set;
};

const made = new Map<string, RuleSet>();
const maxMade = 1_000;

export const ruleBookOfCommunity: BatchQuery<CommunityId, RuleBook> = (ctx, ids) =>
  ruleBooks(ctx.db, ids);

/**
 * Taken by everything that computes points of these communities; many may hold it at once. Who changes
 * the rules or rebuilds takes it alone, so that no activity is judged by rules that are being replaced.
 */
export const holdRules = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<void> => {
  await db.query(`SELECT pg_advisory_xact_lock_shared(id) ${inLockOrder}`, [communityIds]);
};

export const holdRulesAlone = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<void> => {
  await db.query(`SELECT pg_advisory_xact_lock(id) ${inLockOrder}`, [communityIds]);
};

const inLockOrder = `FROM (
  SELECT DISTINCT hashtextextended('rules of ' || community, 0) AS id FROM unnest($1::text[]) AS community ORDER BY id
) AS lock`;
