import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { query } from '../sql';
import { counts, holdMetrics, isActive, localDay, rollUp, type CommunityDay } from './roll-up';

const atOnce = 5_000;

/**
 * Counts the activity of these communities that is not counted yet, and gives those that had any. Costs
 * what is new, however much has already happened on the day; only days on which something was changed
 * or taken back are computed again.
 */
export const countPending = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<ReadonlySet<CommunityId>> => {
  await holdMetrics(db, communityIds);
  const counted = new Set<CommunityId>();
  for (;;) {
    const days = await takePending(db, communityIds);
    if (days.length === 0) return counted;
    for (const { communityId } of days) counted.add(communityId);
    await add(db, days);
    await rollUp(db, await daysOfChanged(db, days));
  }
};

interface PendingDay extends CommunityDay {
  readonly newMembers: number;
  readonly questions: number;
  readonly answers: number;
  readonly comments: number;
  readonly votes: number;
  readonly active: readonly string[];
  /** Things that were there before: another version of them may be counted, on whatever day. */
  readonly changed: readonly string[];
}

const takePending = (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<PendingDay[]> =>
  query(
    db,
    `WITH taken AS (
       DELETE FROM engagement_pending WHERE (community_id, event_id) IN (
         SELECT community_id, event_id FROM engagement_pending WHERE community_id = ANY($1) LIMIT ${String(atOnce)})
       RETURNING event_id
     ), log AS (
       SELECT log.*, ${localDay} AS day
       FROM taken JOIN activity_log AS log USING (event_id) LEFT JOIN community ON community.id = log.community_id
     )
     SELECT community_id AS "communityId", day::text AS day, new_members::int AS "newMembers", questions::int AS questions,
       answers::int AS answers, comments::int AS comments, votes::int AS votes, active, changed
     FROM (
       SELECT community_id, day, ${counts},
         coalesce(array_agg(DISTINCT actor_id::text) FILTER (WHERE ${isActive}), '{}') AS active,
         coalesce(array_agg(DISTINCT key) FILTER (WHERE version > 1), '{}') AS changed
       FROM log GROUP BY community_id, day
     ) AS counted
     ORDER BY community_id, day`,
    [communityIds],
  );

const add = async (db: EntityManager, days: readonly PendingDay[]): Promise<void> => {
  await db.query(
    `WITH pending AS (
       SELECT * FROM json_to_recordset($1::json) AS pending ("communityId" uuid, day date, "newMembers" int,
         questions int, answers int, comments int, votes int, active uuid[])
     ), active AS (
       INSERT INTO engagement_active (community_id, day, member_id)
       SELECT "communityId", day, unnest(active) FROM pending ON CONFLICT DO NOTHING
       RETURNING community_id, day
     ), added AS (
       SELECT "communityId" AS community_id, pending.day, coalesce(members, 0) AS members, "newMembers", questions, answers,
         comments, votes
       FROM pending LEFT JOIN (
         SELECT community_id, day, count(*) AS members FROM active GROUP BY community_id, day
       ) AS active ON active.community_id = "communityId" AND active.day = pending.day
     )
     INSERT INTO engagement_day AS known
       (community_id, day, active_members, new_members, questions, answers, comments, votes)
     SELECT * FROM added
     WHERE (members, "newMembers", questions, answers, comments, votes) <> (0, 0, 0, 0, 0, 0)
     ON CONFLICT (community_id, day) DO UPDATE SET
       active_members = known.active_members + excluded.active_members,
       new_members = known.new_members + excluded.new_members,
       questions = known.questions + excluded.questions,
       answers = known.answers + excluded.answers,
       comments = known.comments + excluded.comments,
       votes = known.votes + excluded.votes`,
    [JSON.stringify(days)],
  );
};

/** The days of all versions of what was changed. */
const daysOfChanged = async (
  db: EntityManager,
  days: readonly PendingDay[],
): Promise<CommunityDay[]> => {
  const things = days.flatMap(({ communityId, changed }) =>
    changed.map((key) => ({ communityId, key })),
  );
  if (things.length === 0) return [];
  return query(
    db,
    `SELECT DISTINCT community_id AS "communityId", ${localDay}::text AS day
     FROM unnest($1::uuid[], $2::text[]) AS thing (community_id, key) JOIN activity_log USING (community_id, key)
       LEFT JOIN community ON community.id = community_id
     ORDER BY "communityId", day`,
    [things.map(({ communityId }) => communityId), things.map(({ key }) => key)],
  );
};
