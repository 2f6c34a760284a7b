import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { query } from '../sql';
import type { Day } from '../rules';

export interface CommunityDay {
  readonly communityId: CommunityId;
  /** A day in the community's own time zone. */
  readonly day: Day;
}

/** The communities' own days that overlap these UTC days. An unknown community's zone is UTC, until it is known. */
export const daysInZone = (
  db: EntityManager,
  utcDays: ReadonlyMap<CommunityId, Iterable<Day>>,
): Promise<CommunityDay[]> => {
  const pairs = [...utcDays].flatMap(([communityId, days]) =>
    [...days].map((day) => ({ communityId, day })),
  );
  return query(
    db,
    `SELECT DISTINCT community_id AS "communityId", local.day::text AS day
     FROM unnest($1::uuid[], $2::timestamptz[]) AS utc (community_id, day)
       LEFT JOIN community ON community.id = utc.community_id,
       LATERAL unnest(ARRAY[
         (utc.day AT TIME ZONE coalesce(time_zone, 'UTC'))::date,
         ((utc.day + interval '24 hours' - interval '1 ms') AT TIME ZONE coalesce(time_zone, 'UTC'))::date
       ]) AS local (day)
     ORDER BY "communityId", day`,
    [pairs.map(({ communityId }) => communityId), pairs.map(({ day }) => `${day}T00:00:00Z`)],
  );
};

/**
 * Computes the metrics of these days again from the log. A day's row is locked before the log is read,
 * so of two workers at the same day the second one sees all that the first one saw.
 */
export const rollUp = async (db: EntityManager, days: readonly CommunityDay[]): Promise<void> => {
  const parameters = [days.map(({ communityId }) => communityId), days.map(({ day }) => day)];
  await db.query(
    `INSERT INTO engagement_day (community_id, day, active_members, new_members, questions, answers, comments, votes)
     SELECT community_id, day, 0, 0, 0, 0, 0, 0 FROM ${touched} ORDER BY community_id, day ON CONFLICT DO NOTHING`,
    parameters,
  );
  await db.query(
    `SELECT FROM engagement_day JOIN ${touched} USING (community_id, day)
     ORDER BY community_id, day FOR UPDATE OF engagement_day`,
    parameters,
  );
  await db.query(`WITH ${activityOf}, ${writeActive} ${writeCounts}`, parameters);
  await db.query(
    `DELETE FROM engagement_day USING ${touched} WHERE engagement_day.community_id = touched.community_id
       AND engagement_day.day = touched.day
       AND (active_members, new_members, questions, answers, comments, votes) = (0, 0, 0, 0, 0, 0)`,
    parameters,
  );
};

const touched = 'unnest($1::uuid[], $2::date[]) AS touched (community_id, day)';

/** The activity of the touched days, each in its community's zone. */
const activityOf = `activity AS (
  SELECT touched.community_id, touched.day, kind, actor_id, value, key, version
  FROM ${touched} LEFT JOIN community ON community.id = touched.community_id
    JOIN LATERAL (
      SELECT * FROM activity_log AS log WHERE log.community_id = touched.community_id
        AND occurred_at >= touched.day::timestamp AT TIME ZONE coalesce(time_zone, 'UTC')
        AND occurred_at < (touched.day + 1)::timestamp AT TIME ZONE coalesce(time_zone, 'UTC')
    ) AS log ON true
)`;

/** Joining is not yet taking part. */
const isActive = `actor_id IS NOT NULL AND kind <> 'member-joined'`;

const writeActive = `active AS (
    SELECT DISTINCT community_id, day, actor_id AS member_id FROM activity WHERE ${isActive}
  ), forgotten AS (
    DELETE FROM engagement_active AS known USING ${touched}
    WHERE known.community_id = touched.community_id AND known.day = touched.day
      AND (known.community_id, known.day, known.member_id) NOT IN (SELECT community_id, day, member_id FROM active)
  ), added AS (
    INSERT INTO engagement_active (community_id, day, member_id)
    SELECT community_id, day, member_id FROM active ON CONFLICT DO NOTHING
  )`;

/** A vote counts on the day it was cast or last changed, and not at all once it is withdrawn. */
const writeCounts = `
  UPDATE engagement_day AS metrics
  SET active_members = counted.active, new_members = counted.joined, questions = counted.questions,
    answers = counted.answers, comments = counted.comments, votes = counted.votes
  FROM (
    SELECT touched.community_id, touched.day,
      count(DISTINCT actor_id) FILTER (WHERE ${isActive}) AS active,
      count(*) FILTER (WHERE kind = 'member-joined') AS joined,
      count(*) FILTER (WHERE kind = 'question-asked') AS questions,
      count(*) FILTER (WHERE kind = 'answer-posted') AS answers,
      count(*) FILTER (WHERE kind = 'comment-posted') AS comments,
      count(*) FILTER (WHERE kind = 'vote' AND value <> 0 AND NOT EXISTS (
        SELECT FROM activity_log AS later WHERE later.community_id = activity.community_id
          AND later.key = activity.key AND later.version > activity.version AND later.version > 1)) AS votes
    FROM ${touched} LEFT JOIN activity USING (community_id, day)
    GROUP BY touched.community_id, touched.day
  ) AS counted
  WHERE metrics.community_id = counted.community_id AND metrics.day = counted.day`;
