import type { EntityManager } from 'typeorm';
import { posted } from '../engagement/deeds';
import { askSql, type MetricAsk } from './ask';

export const funnelSteps = ['joined', 'tookPart', 'contributed', 'cameBack', 'stayed'] as const;
export type Funnel = Readonly<Record<(typeof funnelSteps)[number], number>>;

/** A member has stayed who takes part this many days after joining, or later. */
export const stayedDays = 30;

/** Of the members who joined in the range, how many went how far; each step asks for all steps before it. */
export const funnel = async (db: EntityManager, ask: MetricAsk): Promise<Funnel> => {
  const [steps] = await askSql<Funnel>(db, ask, {
    sql: `life AS (
        SELECT member.member_id, joined_on, count(day) AS days, bit_or(did) AS did, max(day) AS last_day
        FROM engagement_member AS member LEFT JOIN engagement_active AS active
          ON active.community_id = $1 AND active.member_id = member.member_id AND did <> 0 AND day <= $7::date
        WHERE member.community_id = $1 AND joined_on BETWEEN $2 AND $3
        GROUP BY member.member_id, joined_on
      ), reached AS (
        SELECT *, did & ${String(posted)} <> 0 AS contributed, days >= 2 AS came_back,
          last_day >= joined_on + ${String(stayedDays)} AS stayed
        FROM life
      )
      SELECT count(*)::int AS joined, count(*) FILTER (WHERE days > 0)::int AS "tookPart",
        count(*) FILTER (WHERE contributed)::int AS contributed,
        count(*) FILTER (WHERE contributed AND came_back)::int AS "cameBack",
        count(*) FILTER (WHERE contributed AND came_back AND stayed)::int AS stayed
      FROM reached`,
  });
  if (steps === undefined) throw new Error('an aggregate has a row');
  return steps;
};
