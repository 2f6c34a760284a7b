import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Activity } from '../rules';
import { query } from '../sql';
import type { LoggedActivity } from './to-activity';

const columns = `event_id AS "eventId", community_id AS "communityId", kind, key, version, actor_id AS "actorId",
  subject_type AS "subjectType", subject_id AS "subjectId", subject_author_id AS "subjectAuthorId",
  value, earns_points AS "earnsPoints", weight, actor_age_days AS "actorAgeDays",
  actor_is_verified AS "actorIsVerified", occurred_at AS "occurredAt"`;

/**
 * Appends what the log does not have yet, and gives that back; the metrics have yet to count it. Sorted,
 * so that two writers never deadlock.
 */
export const appendActivities = async (
  db: EntityManager,
  activities: readonly LoggedActivity[],
): Promise<Activity[]> =>
  query(
    db,
    `WITH logged AS (
       INSERT INTO activity_log (event_id, community_id, kind, key, version, actor_id, subject_type, subject_id,
         subject_author_id, value, earns_points, weight, actor_age_days, actor_is_verified, occurred_at, request_id,
         parent_id, tags)
       SELECT "eventId", "communityId", kind, key, version, "actorId", "subjectType", "subjectId",
         "subjectAuthorId", value, "earnsPoints", coalesce(weight, 100), "actorAgeDays", "actorIsVerified", "occurredAt",
         "requestId", "parentId", tags
       FROM json_to_recordset($1::json) AS told ("eventId" uuid, "communityId" uuid, kind text, key text, version int,
         "actorId" uuid, "subjectType" text, "subjectId" text, "subjectAuthorId" uuid, value int,
         "earnsPoints" boolean, weight int, "actorAgeDays" int, "actorIsVerified" boolean, "occurredAt" timestamptz,
         "requestId" text, "parentId" text, tags text[])
       ORDER BY "communityId", key, version, "eventId"
       ON CONFLICT DO NOTHING
       RETURNING *
     ), pending AS (
       INSERT INTO engagement_pending (community_id, event_id) SELECT community_id, event_id FROM logged
     )
     SELECT ${columns} FROM logged`,
    [JSON.stringify(activities)],
  );

const versionedKinds = new Set<Activity['kind']>([
  'vote',
  'acceptance',
  'favourite',
  'grant',
  'referral-activated',
  'referral-purchased',
]);

/** All known versions of the things these activities are about. What never changes needs no query. */
export const withAllVersions = async (
  db: EntityManager,
  activities: readonly Activity[],
): Promise<Activity[]> => {
  const changing = activities.filter(({ kind }) => versionedKinds.has(kind));
  const fixed = activities.filter(({ kind }) => !versionedKinds.has(kind));
  if (changing.length === 0) return fixed;
  const versions = await query<Activity>(
    db,
    `SELECT ${columns} FROM activity_log
     JOIN (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[]) AS thing (community_id, key)) AS thing
       USING (community_id, key)`,
    [changing.map(({ communityId }) => communityId), changing.map(({ key }) => key)],
  );
  return [...fixed, ...versions];
};

/** All versions of things of a community. */
export const versionsOfThings = (
  db: EntityManager,
  communityId: CommunityId,
  keys: readonly string[],
): Promise<Activity[]> =>
  query(
    db,
    `SELECT ${columns} FROM unnest($2::text[]) AS thing (key) JOIN activity_log USING (key) WHERE community_id = $1`,
    [communityId, keys],
  );

export interface LogPosition {
  readonly occurredAt: Date;
  readonly eventId: string;
}

/** A stretch of a community's log in the order of time, after a position. */
export const activitiesAfter = (
  db: EntityManager,
  communityId: CommunityId,
  { after, limit }: { after: LogPosition | null; limit: number },
): Promise<Activity[]> =>
  query(
    db,
    `SELECT ${columns} FROM activity_log
     WHERE community_id = $1 AND (occurred_at, event_id) > ($2::timestamptz, $3::uuid)
     ORDER BY occurred_at, event_id LIMIT $4`,
    [
      communityId,
      after?.occurredAt ?? '-infinity',
      after?.eventId ?? '00000000-0000-0000-0000-000000000000',
      limit,
    ],
  );

/** The latest activity of a community, by its own time. */
export const latestActivity = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<Activity | null> => {
  const [latest] = await query<Activity>(
    db,
    `SELECT ${columns} FROM activity_log WHERE community_id = $1
     ORDER BY occurred_at DESC, event_id DESC LIMIT 1`,
    [communityId],
  );
  return latest ?? null;
};

export interface ThingPosition {
  readonly key: string;
  readonly version: number;
}

/** A stretch of a community's log in the order of things, versions of a thing beside each other. */
export const thingsOfCommunity = (
  db: EntityManager,
  communityId: CommunityId,
  { after, limit }: { after: ThingPosition | null; limit: number },
): Promise<Activity[]> =>
  query(
    db,
    `SELECT ${columns} FROM activity_log
     WHERE community_id = $1 AND (key, version) > ($2, $3::int) ORDER BY key, version LIMIT $4`,
    [communityId, after?.key ?? '', after?.version ?? 0, limit],
  );
