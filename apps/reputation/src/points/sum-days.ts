import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { utcDay, type Day } from '../rules';

export interface MemberDay {
  readonly memberId: MemberId;
  readonly communityId: CommunityId;
  readonly day: Day;
}

export const daysOf = (
  entries: readonly {
    readonly memberId: MemberId;
    readonly communityId: CommunityId;
    readonly occurredAt: Date;
  }[],
): MemberDay[] => {
  const days = new Map<string, MemberDay>();
  for (const { memberId, communityId, occurredAt } of entries) {
    const day = utcDay(occurredAt);
    days.set(`${memberId} ${day}`, { memberId, communityId, day });
  }
  return [...days.values()];
};

/**
 * Sums up these days of these members from their entries, and moves the totals by the difference. All
 * parts of the statement see the table as it was before it, so `old` is what the day had.
 */
export const sumDays = async (db: EntityManager, days: readonly MemberDay[]): Promise<void> => {
  if (days.length === 0) return;
  await db.query(
    `WITH touched AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[]) AS touched (member_id, community_id, day)
     ), walked AS (
       SELECT member_id, community_id, day, points, occurred_at, kind, is_earned,
         sum(points) FILTER (WHERE is_earned) OVER (
           PARTITION BY member_id, day ORDER BY occurred_at, activity_id, id) AS running
       FROM touched JOIN LATERAL (
         SELECT *, kind = 'award' AND reversed_at IS NULL AS is_earned FROM point_entry
         WHERE member_id = touched.member_id
           AND occurred_at >= touched.day AND occurred_at < touched.day + interval '1 day'
       ) AS entry USING (member_id, community_id)
     ), summed AS (
       SELECT member_id, community_id, day,
         coalesce(sum(points) FILTER (WHERE is_earned), 0) AS earned,
         least(min(running) FILTER (WHERE is_earned), 0) AS lowest,
         coalesce(sum(points) FILTER (WHERE kind IN ('start', 'floor')), 0) AS granted,
         max(occurred_at) FILTER (WHERE kind <> 'floor') AS last_at
       FROM walked GROUP BY member_id, community_id, day
     ), before AS (
       SELECT member_id, day, old.points FROM touched JOIN member_day AS old USING (member_id, day)
     ), written AS (
       INSERT INTO member_day (member_id, day, community_id, earned, lowest, granted, last_at)
       SELECT member_id, day, community_id, earned, lowest, granted, last_at FROM summed
       ON CONFLICT (member_id, day) DO UPDATE SET earned = excluded.earned, lowest = excluded.lowest,
         granted = excluded.granted, last_at = excluded.last_at
       WHERE (member_day.earned, member_day.lowest, member_day.granted, member_day.last_at)
         IS DISTINCT FROM (excluded.earned, excluded.lowest, excluded.granted, excluded.last_at)
     ), moved AS (
       SELECT member_id, sum(earned + granted - coalesce(before.points, 0)) AS by
       FROM summed LEFT JOIN before USING (member_id, day) GROUP BY member_id
     )
     UPDATE member_standing SET total = total + moved.by
     FROM moved WHERE moved.member_id = member_standing.member_id AND moved.by <> 0`,
    [
      days.map(({ memberId }) => memberId),
      days.map(({ communityId }) => communityId),
      days.map(({ day }) => day),
    ],
  );
};
