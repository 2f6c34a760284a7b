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
const isStaffRanked = `coalesce((SELECT is_staff_ranked FROM community WHERE id = community_id), true)`;

const ranked = `(role NOT IN ('owner', 'admin', 'moderator') OR ${isStaffRanked})`;

const allTime = `board AS NOT MATERIALIZED (
  SELECT community_id, member_id, total FROM member_standing WHERE status = 'active' AND ${ranked}
)`;

/** The totals that anybody on the board of all time has. */
const totals = `totals AS NOT MATERIALIZED (
  SELECT community_id, total FROM board_total WHERE members > 0 OR staff > 0 AND ${isStaffRanked}
)`;

/** How many totals of the board of all time are above that of a row: whole blocks of 256, and what is left of its own. */
const totalsAbove = (row: string): string => `(
  (SELECT coalesce(sum(totals) + CASE WHEN coalesce((SELECT is_staff_ranked FROM community WHERE id = ${row}.community_id), true)
     THEN sum(staff_only) ELSE 0 END, 0) FROM board_block
   WHERE community_id = ${row}.community_id AND block > ${row}.total >> 8)
  + (SELECT count(*) FROM totals WHERE totals.community_id = ${row}.community_id
     AND totals.total > ${row}.total AND totals.total <= ${row}.total | 255)
)`;

/** Dense: members with the same points share a rank, and the next one follows without a gap. */
export const rankOfMember: BatchQuery<MemberId, number> = async (ctx, memberIds) => {
  const rows = await query<{ memberId: MemberId; rank: number }>(
    ctx.db,
    `WITH ${allTime}, ${totals}, asked AS MATERIALIZED (
       SELECT community_id, member_id, total FROM board WHERE member_id = ANY($1)
     ), ranks AS MATERIALIZED (
       SELECT *, ${totalsAbove('distinct_total')} + 1 AS rank
       FROM (SELECT DISTINCT community_id, total FROM asked) AS distinct_total
     )
     SELECT member_id AS "memberId", rank::int AS rank FROM asked JOIN ranks USING (community_id, total)`,
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
  /** Only points for posts of this topic, answers and comments below its questions included. */
  readonly tag: string | null;
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

/** The same, of the points that came for questions with a tag, and for what is below them. */
const ofTopic = `post AS MATERIALIZED (
  SELECT community_id, id FROM engagement_post WHERE community_id = ANY($1) AND $7 = ANY(tags)
), below AS MATERIALIZED (
  SELECT community_id, id FROM post
  UNION SELECT answer.community_id, answer.id FROM post JOIN engagement_post AS answer
    ON answer.community_id = post.community_id AND answer.parent_id = post.id AND answer.type = 'answer'
), board AS MATERIALIZED (
  SELECT entry.community_id, entry.member_id, sum(points)::int AS total
  FROM below JOIN point_entry AS entry ON entry.community_id = below.community_id AND entry.subject_id = below.id
    JOIN member_standing AS standing ON standing.member_id = entry.member_id
  WHERE occurred_at >= coalesce($5::date, '-infinity') AND ($6::date IS NULL OR occurred_at < $6::date + 1)
    AND status = 'active' AND (role = 'member' OR coalesce(
      (SELECT is_staff_ranked FROM community WHERE id = entry.community_id), true))
  GROUP BY entry.community_id, entry.member_id
), totals AS (SELECT DISTINCT community_id, total FROM board)`;

const isOfAllTime = ({ tag, days }: BoardArgs): boolean => tag === null && days === null;

const boardOf = (args: BoardArgs): string =>
  isOfAllTime(args) ? `${allTime}, ${totals}` : args.tag === null ? ofDays : ofTopic;

/** The same of a board that was just added up. */
const countedAbove = `(SELECT count(*) FROM totals
         WHERE totals.community_id = top.community_id AND totals.total > top.total)`;

const daysOf = ({ tag, days }: BoardArgs): (string | null)[] => {
  if (tag !== null) return [days?.from ?? null, days?.to ?? null, tag];
  return days === null ? [] : [days.from, days.to];
};

/** On the board of all time the few that are read are looked at; elsewhere all who stay away are known first. */
const isShown = (args: BoardArgs): string =>
  isOfAllTime(args)
    ? 'NOT EXISTS (SELECT FROM member_standing AS hidden WHERE hidden.member_id = board.member_id AND is_hidden)'
    : 'member_id NOT IN (SELECT hidden.member_id FROM member_standing AS hidden WHERE hidden.community_id = asked.id AND is_hidden)';

/** Who does not want to be shown is left out of the list, and keeps the rank that others count around. */
const boards: ListQuery<CommunityId, BoardArgs, BoardRow> = (ctx, communityIds, args) =>
  query(
    ctx.db,
    `WITH ${boardOf(args)}, page AS (
       SELECT asked.id AS community_id, member_id, total
       FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
         SELECT member_id, total FROM board WHERE community_id = asked.id
           AND ($2::int IS NULL OR total < $2 OR total = $2 AND member_id > $3::uuid)
           AND ${isShown(args)}
         ORDER BY total DESC, member_id LIMIT $4
       ) AS rows
     ), above AS MATERIALIZED (
       SELECT community_id, total, ${isOfAllTime(args) ? totalsAbove('top') : countedAbove} AS ranks
       FROM (SELECT community_id, max(total) AS total FROM page GROUP BY community_id) AS top
     )
     SELECT community_id AS "parentId", member_id AS "memberId", page.total AS points,
       (ranks + 1 + (SELECT count(*) FROM totals WHERE totals.community_id = page.community_id
         AND totals.total > page.total AND totals.total <= above.total))::int AS rank
     FROM page JOIN above USING (community_id) ORDER BY community_id, page.total DESC, member_id`,
    [
      communityIds,
      args.after?.points ?? null,
      args.after?.memberId ?? null,
      args.limit,
      ...daysOf(args),
    ],
  );

export const loadBoard = listLoader(boards);

/** So many shown members next to a member, in an order: first among its equals, then beyond, each a stretch of the index. */
const nextTo = (side: 'better' | 'worse'): string => {
  const [beyond, order] =
    side === 'better' ? ['>', 'total, member_id DESC'] : ['<', 'total DESC, member_id'];
  const stretch = (where: string) =>
    `(SELECT member_id, total FROM member_standing WHERE community_id = asked.community_id AND status = 'active'
        AND NOT is_hidden AND ${ranked} AND ${where} ORDER BY ${order} LIMIT $2)`;
  const equals = `total = asked.total AND member_id ${side === 'better' ? '<' : '>'} asked.member_id`;
  return `(SELECT * FROM (${stretch(equals)} UNION ALL ${stretch(`total ${beyond} asked.total`)}) AS ${side}
    ORDER BY ${order} LIMIT $2)`;
};

/** Places around a member on the board of all time, best first, the member's own included. */
export const neighboursOf: ListQuery<MemberId, { readonly count: number }, BoardRow> = (
  ctx,
  memberIds,
  { count },
) =>
  query(
    ctx.db,
    `WITH ${allTime}, ${totals}, asked AS MATERIALIZED (
       SELECT community_id, member_id, total FROM board WHERE member_id = ANY($1)
     ), around AS MATERIALIZED (
       SELECT asked.member_id AS asked_id, asked.community_id, near.* FROM asked CROSS JOIN LATERAL (
         ${nextTo('better')} UNION ALL SELECT asked.member_id, asked.total UNION ALL ${nextTo('worse')}
       ) AS near
     ), best AS MATERIALIZED (
       SELECT asked_id, community_id, max(total) AS total FROM around GROUP BY asked_id, community_id
     ), above AS MATERIALIZED ( -- counted once: between neighbours there are few totals
       SELECT best.*, ${totalsAbove('best')} AS ranks FROM best
     )
     SELECT asked_id AS "parentId", member_id AS "memberId", around.total AS points,
       (ranks + 1 + (SELECT count(*) FROM totals WHERE totals.community_id = around.community_id
         AND totals.total > around.total AND totals.total <= above.total))::int AS rank
     FROM around JOIN above USING (asked_id, community_id) ORDER BY asked_id, around.total DESC, member_id`,
    [memberIds, count],
  );

export const loadNeighbours = listLoader(neighboursOf);

export interface RuleShare {
  readonly rule: string;
  readonly points: number;
  readonly times: number;
}

/** What a member's points are made of, by rule: the sum is the total. */
export const pointsByRule: ListQuery<MemberId, Record<string, never>, RuleShare> = (
  ctx,
  memberIds,
) =>
  query(
    ctx.db,
    `SELECT member_id AS "parentId", rule, sum(points)::int AS points,
       count(*) FILTER (WHERE kind <> 'reversal')::int AS times
     FROM point_entry WHERE member_id = ANY($1) GROUP BY member_id, rule ORDER BY points DESC, rule`,
    [memberIds],
  );

export const loadPointsByRule = listLoader(pointsByRule);

/** The least total above that anybody on the board has: what the next rank asks for. */
export const totalAbove: BatchQuery<MemberId, { readonly total: number }> = async (
  ctx,
  memberIds,
) => {
  const rows = await query<{ memberId: MemberId; total: number }>(
    ctx.db,
    `WITH ${totals} SELECT member_id AS "memberId", next.total FROM member_standing AS own CROSS JOIN LATERAL (
       SELECT total FROM totals WHERE totals.community_id = own.community_id AND totals.total > own.total
       ORDER BY total LIMIT 1
     ) AS next WHERE member_id = ANY($1)`,
    [memberIds],
  );
  return new Map(rows.map((row) => [row.memberId, row]));
};

/** Points by their age, for rules under which standing fades. */
export const pointsByDay: ListQuery<
  MemberId,
  { readonly to: Day },
  { readonly day: Day; readonly points: number }
> = (ctx, memberIds, { to }) =>
  query(
    ctx.db,
    `SELECT member_id AS "parentId", day::text AS day, points FROM member_day
     WHERE member_id = ANY($1) AND day <= $2::date ORDER BY member_id, day`,
    [memberIds, to],
  );

export const loadPointsByDay = listLoader(pointsByDay);
