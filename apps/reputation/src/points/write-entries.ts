import type { EntityManager } from 'typeorm';
import type { StoredEntry } from './project-points';

const columns = `id, community_id, member_id, kind, rule, rule_set_version, activity_id, subject_type, subject_id,
  occurred_at, reversed_at, weight, nominal, allowed, points, counterpart_id`;

/**
 * Writes entries by their own ids. One that is there stays as limits have left it, unless it is now
 * taken back: then it counts in full, as its reversal does, and under no limit.
 */
export const writeEntries = async (
  db: EntityManager,
  entries: readonly StoredEntry[],
): Promise<void> => {
  await db.query(
    `INSERT INTO point_entry (${columns})
     SELECT id, "communityId", "memberId", kind, rule, "ruleSetVersion", "activityId", "subjectType", "subjectId",
       "occurredAt", "reversedAt", weight, nominal, allowed, points, "counterpartId"
     FROM json_to_recordset($1::json) AS entry (id uuid, "communityId" uuid, "memberId" uuid, kind text, rule text,
       "ruleSetVersion" int, "activityId" uuid, "subjectType" text, "subjectId" text, "occurredAt" timestamptz,
       "reversedAt" timestamptz, weight smallint, nominal int, allowed int, points int,
       "counterpartId" uuid)
     ON CONFLICT (id) DO UPDATE
       SET reversed_at = excluded.reversed_at, occurred_at = excluded.occurred_at,
           weight = excluded.weight, nominal = excluded.nominal, allowed = excluded.allowed, points = excluded.points
       WHERE (point_entry.reversed_at, point_entry.occurred_at, point_entry.nominal)
         IS DISTINCT FROM (excluded.reversed_at, excluded.occurred_at, excluded.nominal)`,
    [JSON.stringify(entries)],
  );
};

/** Sets what limits have left of entries. */
export const setPoints = async (
  db: EntityManager,
  entries: readonly Pick<StoredEntry, 'id' | 'allowed' | 'points'>[],
): Promise<void> => {
  if (entries.length === 0) return;
  await db.query(
    `UPDATE point_entry AS entry SET allowed = limited.allowed, points = limited.points
     FROM unnest($1::uuid[], $2::int[], $3::int[]) AS limited (id, allowed, points) WHERE entry.id = limited.id`,
    [
      entries.map(({ id }) => id),
      entries.map(({ allowed }) => allowed),
      entries.map(({ points }) => points),
    ],
  );
};
