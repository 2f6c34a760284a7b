import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { grantRules, type Day, type RuleSetDefinition } from '../rules';
import { query } from '../sql';

/*
 * The same numbers a second way, to check the first by: straight from the activity log, in SQL, with
 * closed formulas where the projections walk. For `verify`, for checks on live data, and for tests.
 */

export interface MemberTotal {
  readonly memberId: MemberId;
  readonly points: number;
}

export interface RulesInForce {
  readonly definition: RuleSetDefinition;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Every member's points, with one set of rules for all time. */
export const totalsInSql = (
  db: EntityManager,
  communityId: CommunityId,
  rules: RulesInForce,
): Promise<MemberTotal[]> =>
  query(db, totals, [communityId, JSON.stringify(plain(rules)), ...bounds(rules)]);

/** Points by day, floors and starts included: what boards of the last days sum up. */
export const dailyPointsInSql = (
  db: EntityManager,
  communityId: CommunityId,
  rules: RulesInForce,
): Promise<(MemberTotal & { readonly day: Day })[]> =>
  query(db, daily, [communityId, JSON.stringify(plain(rules)), ...bounds(rules)]);

/**
 * Whether the closed formula knows these rules: limits of one member or one post and diminishing worth are
 * walked only, so communities that use them are recomputed by the pure functions instead.
 */
export const isKnownToSql = ({ limits, rules }: RuleSetDefinition): boolean =>
  limits.every(({ per }) => per === 'day' || per === 'member') &&
  rules.every(({ diminishing }) => diminishing === undefined);

const bounds = ({ definition }: RulesInForce): (number | null)[] => [
  definition.startingPoints,
  definition.floor,
];

const plain = ({ definition, parameters }: RulesInForce) =>
  [...definition.rules, ...grantRules].map((rule) => {
    const limit = (per: 'day' | 'member') =>
      definition.limits.find((one) => one.per === per && rule.limits.includes(one.name));
    return {
      rule: rule.name,
      kind: rule.on,
      to: rule.to,
      types: rule.when.subjectType ?? null,
      value: rule.when.value ?? null,
      self: rule.when.self ?? null,
      ...amount(rule.points, { definition, parameters }),
      day_limit: limit('day')?.name ?? null,
      day_points: limit('day')?.points ?? null,
      ever_limit: limit('member')?.name ?? null,
      ever_points: limit('member')?.points ?? null,
    };
  });

const amount = (
  points: RuleSetDefinition['rules'][number]['points'],
  { definition, parameters }: RulesInForce,
): { points: number; factor: number } => {
  if (typeof points === 'number') return { points, factor: 0 };
  if ('timesValue' in points) return { points: 0, factor: points.timesValue };
  const value = parameters[points.parameter] ?? definition.parameters[points.parameter]?.default;
  return { points: value ?? 0, factor: 0 };
};

/**
 * A limit reached from below is a walk reflected at an upper barrier: what is granted up to a step is
 * the plain sum less the highest excess so far. The floor is the mirror image at the bottom.
 */
const walked = `
  rule AS (
    SELECT * FROM json_to_recordset($2::json) AS rule (rule text, kind text, "to" text, types text[], value int,
      self boolean, points int, factor int, day_limit text, day_points int, ever_limit text, ever_points int)
  ), in_force AS (
    SELECT DISTINCT ON (key) * FROM activity_log WHERE community_id = $1 ORDER BY key, version DESC
  ), award AS (
    SELECT CASE rule."to" WHEN 'actor' THEN actor_id ELSE subject_author_id END AS member_id,
      occurred_at, occurred_at::date AS day, event_id, rule, rule.points + rule.factor * a.value AS nominal,
      day_limit, day_points, ever_limit, ever_points
    FROM in_force AS a JOIN rule USING (kind)
    WHERE earns_points AND (types IS NULL OR subject_type = ANY(types))
      AND (rule.value IS NULL OR rule.value = a.value)
      AND (self IS NULL OR self = coalesce(actor_id = subject_author_id, false))
  ), ever AS (
    SELECT *, sum(nominal) OVER w AS gone FROM award WHERE member_id IS NOT NULL AND nominal <> 0
    WINDOW w AS (PARTITION BY member_id, ever_limit ORDER BY occurred_at, event_id, rule)
  ), allowed AS (
    SELECT *, CASE WHEN ever_limit IS NULL THEN nominal
      ELSE greatest(0, least(nominal, ever_points - gone + nominal)) END AS allowed FROM ever
  ), today AS (
    SELECT *, sum(allowed) OVER w AS so_far FROM allowed
    WINDOW w AS (PARTITION BY member_id, day, day_limit ORDER BY occurred_at, event_id, rule)
  ), excess AS (
    SELECT *, greatest(0, max(so_far - day_points) OVER w) AS excess FROM today
    WINDOW w AS (PARTITION BY member_id, day, day_limit ORDER BY occurred_at, event_id, rule)
  ), earned AS (
    SELECT member_id, day, occurred_at, event_id, rule, CASE WHEN day_limit IS NULL THEN allowed
      ELSE allowed - (excess - coalesce(lag(excess) OVER w, 0)) END AS points
    FROM excess
    WINDOW w AS (PARTITION BY member_id, day, day_limit ORDER BY occurred_at, event_id, rule)
  ), running AS (
    SELECT *, sum(points) OVER (PARTITION BY member_id ORDER BY occurred_at, event_id, rule) AS total FROM earned
  ), forgiven AS (
    SELECT *, greatest(0, max($4::int - $3::int - total) OVER (
      PARTITION BY member_id ORDER BY occurred_at, event_id, rule)) AS forgiven FROM running
  ), started AS (
    SELECT actor_id AS member_id, occurred_at::date AS day, $3::int AS points FROM activity_log
    WHERE community_id = $1 AND kind = 'member-joined'
  )`;

const totals = `WITH ${walked}, ended AS (
    SELECT member_id, sum(points) + coalesce(max(forgiven), 0) AS points FROM forgiven GROUP BY member_id
    UNION ALL SELECT member_id, points FROM started
  )
  SELECT member_id AS "memberId", sum(points)::int AS points FROM ended GROUP BY member_id ORDER BY member_id`;

const daily = `WITH ${walked}, ended AS (
    SELECT member_id, day, points + coalesce(forgiven - coalesce(lag(forgiven) OVER (
      PARTITION BY member_id ORDER BY occurred_at, event_id, rule), 0), 0) AS points
    FROM forgiven
    UNION ALL SELECT * FROM started
  )
  SELECT member_id AS "memberId", day::text AS day, sum(points)::int AS points
  FROM ended GROUP BY member_id, day ORDER BY member_id, day`;

export interface DayOfCommunity {
  readonly day: Day;
  readonly activeMembers: number;
  readonly newMembers: number;
  readonly questions: number;
  readonly answers: number;
  readonly comments: number;
  readonly votes: number;
}

/** Every day of a community with any activity, in the community's zone. */
export const engagementInSql = (
  db: EntityManager,
  communityId: CommunityId,
): Promise<DayOfCommunity[]> =>
  query(
    db,
    `SELECT * FROM (
       SELECT (occurred_at AT TIME ZONE coalesce((SELECT time_zone FROM community WHERE id = $1), 'UTC'))::date::text AS day,
         count(DISTINCT actor_id) FILTER (WHERE kind <> 'member-joined')::int AS "activeMembers",
         count(*) FILTER (WHERE kind = 'member-joined')::int AS "newMembers",
         count(*) FILTER (WHERE kind = 'question-asked')::int AS questions,
         count(*) FILTER (WHERE kind = 'answer-posted')::int AS answers,
         count(*) FILTER (WHERE kind = 'comment-posted')::int AS comments,
         count(*) FILTER (WHERE kind = 'vote' AND value <> 0 AND version = latest)::int AS votes
       FROM (SELECT *, max(version) OVER (PARTITION BY key) AS latest FROM activity_log WHERE community_id = $1) AS log
       GROUP BY 1
     ) AS counted
     WHERE ("activeMembers", "newMembers", questions, answers, comments, votes) <> (0, 0, 0, 0, 0, 0) ORDER BY day`,
    [communityId],
  );
