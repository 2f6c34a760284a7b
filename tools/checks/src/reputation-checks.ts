import {
  engagementInSql,
  isKnownToSql,
  totalsInSql,
  type DayOfCommunity,
  type RulesInForce,
} from '@lyceum/reputation/app';
import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { shownAtMost, sqlCheck, type Check, type Finding, type Findings } from './check';

export const reputationChecks: readonly Check[] = [
  sqlCheck({
    name: 'points.total-is-sum',
    in: 'reputation',
    says: "A member's points are the sum of the member's point entries.",
    of: 'member_standing',
    broken: `
      SELECT 'member_standing ' || standing.member_id AS "row",
        'total is ' || standing.total || ', entries sum to ' || coalesce(entries.total, 0) AS problem
      FROM member_standing AS standing
        LEFT JOIN (SELECT member_id, sum(points) AS total FROM point_entry GROUP BY 1) AS entries USING (member_id)
      WHERE standing.total <> coalesce(entries.total, 0)`,
  }),
  sqlCheck({
    name: 'board.totals-are-counted',
    in: 'reputation',
    says: 'For every total, the number of active members and staff who have it.',
    of: 'board_total',
    broken: `
      SELECT 'board_total ' || community_id || ' ' || total AS "row",
        format('%s and %s, counted %s and %s', known.members, known.staff, coalesce(counted.members, 0),
          coalesce(counted.staff, 0)) AS problem
      FROM board_total AS known FULL JOIN (
        SELECT community_id, total, count(*) FILTER (WHERE role = 'member') AS members,
          count(*) FILTER (WHERE role <> 'member') AS staff
        FROM member_standing WHERE status = 'active' GROUP BY community_id, total
      ) AS counted USING (community_id, total)
      WHERE (coalesce(known.members, 0), coalesce(known.staff, 0))
        <> (coalesce(counted.members, 0), coalesce(counted.staff, 0))`,
  }),
  sqlCheck({
    name: 'board.blocks-are-counted',
    in: 'reputation',
    says: 'For every block of 256 totals, how many of them members have, and how many only the staff.',
    of: 'board_block',
    broken: `
      SELECT 'board_block ' || community_id || ' ' || block AS "row",
        format('%s and %s, counted %s and %s', known.totals, known.staff_only, coalesce(counted.totals, 0),
          coalesce(counted.staff_only, 0)) AS problem
      FROM board_block AS known FULL JOIN (
        SELECT community_id, total >> 8 AS block, count(*) FILTER (WHERE members > 0) AS totals,
          count(*) FILTER (WHERE members = 0 AND staff > 0) AS staff_only
        FROM board_total GROUP BY 1, 2
      ) AS counted USING (community_id, block)
      WHERE (coalesce(known.totals, 0), coalesce(known.staff_only, 0))
        <> (coalesce(counted.totals, 0), coalesce(counted.staff_only, 0))`,
  }),
  sqlCheck({
    name: 'points.day-is-sum',
    in: 'reputation',
    says: "A member's points of a day are the sum of the entries of that day.",
    of: 'member_day',
    broken: `
      SELECT 'member_day ' || member_id || ' ' || day AS "row",
        'points are ' || coalesce(days.points, 0) || ', entries sum to ' || coalesce(entries.total, 0) AS problem
      FROM member_day AS days FULL JOIN (
        SELECT member_id, occurred_at::date AS day, sum(points) AS total FROM point_entry GROUP BY 1, 2
      ) AS entries USING (member_id, day)
      WHERE coalesce(days.points, 0) <> coalesce(entries.total, 0)`,
  }),
  sqlCheck({
    name: 'points.has-a-why',
    in: 'reputation',
    says: 'Every point entry names an activity of the log and a rule set that exists.',
    of: 'point_entry',
    broken: `
      SELECT 'point_entry ' || entry.id AS "row", CASE WHEN rules.version IS NULL
        THEN 'rule set ' || rule_set_version || ' does not exist'
        ELSE 'activity ' || activity_id || ' is not in the log' END AS problem
      FROM point_entry AS entry
        LEFT JOIN rule_set AS rules ON rules.community_id = entry.community_id AND rules.version = rule_set_version
        LEFT JOIN activity_log AS log ON log.event_id = activity_id
      WHERE rules.version IS NULL OR (activity_id IS NOT NULL AND log.event_id IS NULL)`,
  }),
  {
    name: 'points.equal-the-log',
    in: 'reputation',
    says: "Every member's points are what the activity log and the rules give, computed anew in SQL.",
    find: async (db) => {
      const standings = await db.query<Standing[]>(
        'SELECT member_id AS "memberId", community_id AS "communityId", total FROM member_standing',
      );
      const expected = new Map<string, number>();
      const judged = await rulesOfCommunities(db);
      for (const [communityId, rules] of judged) {
        for (const { memberId, points } of await totalsInSql(db, communityId, rules)) {
          expected.set(memberId, points);
        }
      }
      const examined = standings.filter(({ communityId }) => judged.has(communityId));
      return findingsOf(
        examined.length,
        examined.flatMap((standing) => {
          const points = expected.get(standing.memberId) ?? 0;
          return points === standing.total
            ? []
            : [
                {
                  row: `member_standing ${standing.memberId}`,
                  problem: `total is ${String(standing.total)}, the log gives ${String(points)}`,
                },
              ];
        }),
      );
    },
  },
  {
    name: 'engagement.equals-the-log',
    in: 'reputation',
    says: 'The metrics of every day are what the activity log gives, counted anew in SQL.',
    find: async (db) => {
      const findings: Finding[] = [];
      let examined = 0;
      for (const { communityId } of await db.query<{ communityId: CommunityId }[]>(settled)) {
        const stored = await db.query<DayOfCommunity[]>(storedDays, [communityId]);
        const counted = new Map(
          (await engagementInSql(db, communityId)).map((day) => [day.day, day]),
        );
        examined += stored.length;
        for (const day of stored) {
          findings.push(...differences(communityId, day, counted.get(day.day)));
          counted.delete(day.day);
        }
        for (const day of counted.values())
          findings.push(...differences(communityId, undefined, day));
      }
      return findingsOf(examined, findings);
    },
  },
];

interface Standing {
  readonly memberId: string;
  readonly communityId: CommunityId;
  readonly total: number;
}

const findingsOf = (examined: number, findings: readonly Finding[]): Findings => ({
  examined,
  broken: findings.length,
  shown: findings.slice(0, shownAtMost),
});

/** Communities that have had one rule set for all time, without limits that only a walk knows. */
const rulesOfCommunities = async (
  db: EntityManager,
): Promise<ReadonlyMap<CommunityId, RulesInForce>> => {
  const rows = await db.query<({ communityId: CommunityId } & RulesInForce)[]>(
    `SELECT community_id AS "communityId", definition, parameters FROM rule_set AS single
     WHERE active_from IS NULL
       AND NOT EXISTS (SELECT FROM rule_set WHERE community_id = single.community_id AND version <> single.version)`,
  );
  return new Map(
    rows
      .filter(({ definition }) => isKnownToSql(definition))
      .map(({ communityId, definition, parameters }) => [communityId, { definition, parameters }]),
  );
};

/** Days are counted a moment after their activity: communities with uncounted activity are left for later. */
const settled = `
  SELECT DISTINCT community_id AS "communityId" FROM activity_log
  WHERE community_id NOT IN (SELECT community_id FROM engagement_pending)`;

const storedDays = `
  SELECT day::text AS day, active_members AS "activeMembers", new_members AS "newMembers", questions, answers, comments, votes
  FROM engagement_day WHERE community_id = $1`;

const metrics = [
  'activeMembers',
  'newMembers',
  'questions',
  'answers',
  'comments',
  'votes',
] as const;

const differences = (
  communityId: CommunityId,
  stored: DayOfCommunity | undefined,
  counted: DayOfCommunity | undefined,
): Finding[] =>
  metrics
    .filter((metric) => (stored?.[metric] ?? 0) !== (counted?.[metric] ?? 0))
    .map((metric) => ({
      row: `engagement_day ${communityId} ${stored?.day ?? counted?.day ?? ''}`,
      problem: `${metric} is ${String(stored?.[metric] ?? 0)}, the log gives ${String(counted?.[metric] ?? 0)}`,
    }));
