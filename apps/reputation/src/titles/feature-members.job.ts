import { MemberFeatured, staffRoles, type CommunityId } from '@lyceum/contracts';
import { defineJob, useCase, type Tx } from '@lyceum/platform';
import { z } from 'zod';
import { utcDay, type Day } from '../rules';
import { query } from '../sql';
import { featuredMember, type Candidate } from './featured-member';

/** Features a member of each community for the week that is over; a week is done once. */
export const featureMembers = defineJob({
  name: 'reputation.feature-members',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 600_000,
  concurrency: 1,
  everyMs: 3_600_000,
  run: async ({ ctx, signal }) => {
    const week = lastWeek(ctx.deps.now());
    const rows = await query<{ id: CommunityId }>(
      ctx.db,
      `SELECT id FROM community WHERE NOT EXISTS (
         SELECT FROM featured_member WHERE community_id = community.id AND week = $1) ORDER BY id`,
      [week],
    );
    for (const { id: communityId } of rows)
      if (!signal.aborted) await featureMember(ctx, { communityId, week });
  },
});

const dayMs = 86_400_000;

/** The Monday of the last week that is over, in UTC. */
export const lastWeek = (now: Date): Day => {
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  return utcDay(new Date(now.getTime() - (sinceMonday + 7) * dayMs));
};

interface Week {
  readonly communityId: CommunityId;
  readonly week: Day;
}

export const featureMember = useCase(async (tx, of: Week): Promise<void> => {
  const featured = featuredMember(of, await candidates(tx, of));
  if (featured === null) return;
  const { memberId, reason, isNewcomer } = featured;
  const written = await query(
    tx.db,
    `INSERT INTO featured_member (community_id, week, member_id, reason, is_newcomer) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING week`,
    [of.communityId, of.week, memberId, reason, isNewcomer],
  );
  if (written.length > 0) await tx.emit(MemberFeatured, { ...of, memberId, reason });
});

/** Who is shown on boards, and competes on them: the staff only where it does. */
const candidates = (tx: Tx, { communityId, week }: Week): Promise<Candidate[]> =>
  query(
    tx.db,
    `WITH earned AS (
       SELECT member_id, sum(points)::int AS points FROM member_day
       WHERE community_id = $1 AND day >= $2::date AND day < $2::date + 7 GROUP BY member_id
     ), thanked AS (
       SELECT receiver_id AS member_id, count(*)::int AS thanks FROM thanks
       WHERE community_id = $1 AND removed_at IS NULL AND given_at >= $2::date::timestamp AT TIME ZONE 'UTC'
         AND given_at < ($2::date + 7)::timestamp AT TIME ZONE 'UTC' GROUP BY receiver_id
     )
     SELECT member.member_id AS "memberId", coalesce(points, 0) AS points, coalesce(thanks, 0) AS thanks,
       coalesce(known.joined_on, known.first_day) > $2::date - 53 AS "isNewcomer",
       EXISTS (SELECT FROM featured_member AS earlier WHERE earlier.community_id = $1
         AND earlier.member_id = member.member_id AND earlier.week BETWEEN $2::date - 56 AND $2::date - 1) AS "wasFeatured"
     FROM (SELECT member_id FROM earned UNION SELECT member_id FROM thanked) AS active
       JOIN member_standing AS member USING (member_id)
       LEFT JOIN earned USING (member_id) LEFT JOIN thanked USING (member_id)
       LEFT JOIN engagement_member AS known ON known.community_id = $1 AND known.member_id = member.member_id
     WHERE status = 'active' AND NOT is_hidden AND (role <> ALL($3)
       OR (SELECT is_staff_ranked FROM community WHERE id = $1))`,
    [communityId, week, staffRoles],
  );
