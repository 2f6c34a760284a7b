import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { BatchQuery } from '@lyceum/platform';
import { listLoader, type ListQuery } from '../list-query';
import type { Day } from '../rules';
import { query } from '../sql';

export interface Standing {
  readonly communityId: CommunityId;
  readonly total: number;
}

export const standingOfMember: BatchQuery<MemberId, Standing> = async (ctx, memberIds) => {
  const rows = await query<Standing & { memberId: MemberId }>(
    ctx.db,
    `SELECT member_id AS "memberId", community_id AS "communityId", total
     FROM member_standing WHERE member_id = ANY($1)`,
    [memberIds],
  );
  return new Map(rows.map((row) => [row.memberId, row]));
};

/** Who is on boards: active members, and the staff unless the community leaves it out. */
const ranked = `(role NOT IN ('owner', 'admin', 'moderator') OR coalesce((SELECT is_staff_ranked FROM community WHERE id = community_id), true))`;

const allTime = `board AS NOT MATERIALIZED (
  SELECT community_id, member_id, total FROM member_standing WHERE status = 'active' AND ${ranked}
)`;

/** The totals that anybody on the board of all time has. */
const totals = `totals AS NOT MATERIALIZED (
  SELECT community_id, total FROM board_total
  WHERE members > 0 OR staff > 0 AND coalesce((SELECT is_staff_ranked FROM community WHERE id = community_id), true)
)`;

/** Dense: members with the same points share a rank, and the next one follows without a gap. */
export const rankOfMember: BatchQuery<MemberId, number> = async (ctx, memberIds) => {
  const rows = await query<{ memberId: MemberId; rank: number }>(
    ctx.db,
    `WITH ${allTime}, ${totals}, asked AS MATERIALIZED (
       SELECT community_id, member_id, total FROM board WHERE member_id = ANY($1)
     )
     SELECT member_id AS "memberId", rank::int AS rank
     FROM (SELECT community_id, min(total) AS lowest FROM asked GROUP BY community_id) AS community
     CROSS JOIN LATERAL (
       SELECT total, row_number() OVER (ORDER BY total DESC) AS rank FROM totals
       WHERE totals.community_id = community.community_id AND total >= lowest
     ) AS ranks
     JOIN asked USING (community_id, total)`,
    [memberIds],
  );
  return new Map(rows.map((row) => [row.memberId, row.rank]));
};

export interface BoardRow {
  readonly memberId: MemberId;
  readonly points: number;
  readonly rank: number;
}

export interface BoardArgs {
  /** UTC days that count, both included; null: since ever, until now. */
  readonly days: { readonly from: Day | null; readonly to: Day } | null;
  readonly after: { readonly points: number; readonly memberId: string } | null;
  readonly limit: number;
}

/** Few are left out, so they are looked for among those who have points, not the other way round. */
const ofDays = `board AS MATERIALIZED (
  SELECT community_id, member_id, sum(points)::int AS total FROM member_day
  WHERE community_id = ANY($1) AND day >= coalesce($5::date, '-infinity') AND day <= $6::date
    AND member_id NOT IN (
      SELECT member_id FROM member_standing
      WHERE community_id = ANY($1) AND (status <> 'active' OR role <> 'member') AND NOT (status = 'active' AND ${ranked}))
  GROUP BY community_id, member_id
), totals AS (SELECT DISTINCT community_id, total FROM board)`;

const boards: ListQuery<CommunityId, BoardArgs, BoardRow> = (ctx, communityIds, args) =>
  query(
    ctx.db,
    `WITH ${args.days === null ? `${allTime}, ${totals}` : ofDays}, page AS (
       SELECT asked.id AS community_id, member_id, total
       FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
         SELECT member_id, total FROM board WHERE community_id = asked.id
           AND ($2::int IS NULL OR total < $2 OR total = $2 AND member_id > $3::uuid)
         ORDER BY total DESC, member_id LIMIT $4
       ) AS rows
     ), above AS MATERIALIZED (
       SELECT community_id, (
         SELECT count(*) FROM totals
         WHERE totals.community_id = top.community_id AND totals.total > top.total) AS ranks
       FROM (SELECT community_id, max(total) AS total FROM page GROUP BY community_id) AS top
     )
     SELECT community_id AS "parentId", member_id AS "memberId", total AS points,
       (ranks + dense_rank() OVER (PARTITION BY community_id ORDER BY total DESC))::int AS rank
     FROM page JOIN above USING (community_id) ORDER BY community_id, total DESC, member_id`,
    [
      communityIds,
      args.after?.points ?? null,
      args.after?.memberId ?? null,
      args.limit,
      ...(args.days === null ? [] : [args.days.from, args.days.to]),
    ],
  );

export const loadBoard = listLoader(boards);
