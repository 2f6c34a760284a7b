import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { listLoader, type ListQuery } from '../list-query';
import type { Day } from '../rules';
import { query } from '../sql';

export interface Metrics {
  readonly date: Day;
  readonly activeMembers: number;
  readonly newMembers: number;
  readonly questions: number;
  readonly answers: number;
  readonly comments: number;
  readonly votes: number;
}

export type Interval = 'day' | 'week' | 'month';

export interface MetricsRange {
  readonly from: Day;
  readonly to: Day;
  readonly interval: Interval;
}

/** Metrics by interval, only where something happened. Members active on two days of a week are one of its members. */
const metricsOfCommunities: ListQuery<CommunityId, MetricsRange, Metrics> = (ctx, ids, range) =>
  query(
    ctx.db,
    `SELECT community_id AS "parentId", date::text AS date, active::int AS "activeMembers",
       new_members::int AS "newMembers", questions::int AS questions, answers::int AS answers,
       comments::int AS comments, votes::int AS votes
     FROM (
       SELECT community_id, date_trunc($4, day::timestamp)::date AS date, sum(new_members) AS new_members,
         sum(questions) AS questions, sum(answers) AS answers, sum(comments) AS comments, sum(votes) AS votes,
         sum(active_members) AS active_each_day
       FROM engagement_day WHERE community_id = ANY($1) AND day BETWEEN $2 AND $3 GROUP BY 1, 2
     ) AS counted JOIN LATERAL (
       ${range.interval === 'day' ? 'SELECT active_each_day AS active' : distinctActive}
     ) AS active ON true
     ORDER BY community_id, date`,
    [ids, range.from, range.to, range.interval],
  );

const distinctActive = `
  SELECT count(DISTINCT member_id) AS active FROM engagement_active AS known
  WHERE known.community_id = counted.community_id AND known.day BETWEEN $2 AND $3
    AND known.day >= counted.date AND known.day < counted.date + ('1 ' || $4)::interval`;

export const loadMetrics = listLoader(metricsOfCommunities);

export interface Today extends Omit<Metrics, 'date'> {
  readonly day: Day;
}

/** The community's own today at this instant, zeros while nothing has happened; null for an unknown community. */
export const metricsOfToday = async (
  db: EntityManager,
  communityId: CommunityId,
  now: Date,
): Promise<Today | null> => {
  const [today] = await query<Today>(
    db,
    `SELECT local.day::text AS day, coalesce(active_members, 0) AS "activeMembers",
       coalesce(new_members, 0) AS "newMembers", coalesce(questions, 0) AS questions,
       coalesce(answers, 0) AS answers, coalesce(comments, 0) AS comments, coalesce(votes, 0) AS votes
     FROM community CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE time_zone)::date AS day) AS local
       LEFT JOIN engagement_day ON community_id = community.id AND engagement_day.day = local.day
     WHERE community.id = $1`,
    [communityId, now],
  );
  return today ?? null;
};
