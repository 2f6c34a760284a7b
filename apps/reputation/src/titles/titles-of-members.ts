import type { MemberId } from '@lyceum/contracts';
import { groupBy, type BatchQuery } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { ruleBooks } from '../rule-sets/rule-books';
import { levelOf, ruleSetOn, utcDay } from '../rules';
import { query } from '../sql';
import { MemberTitle, Title, titleById, type TitleGrantId } from './title.types';

interface Held {
  readonly grantId: TitleGrantId | null;
  readonly memberId: MemberId;
  readonly reason: string;
  readonly endsAt: Date | null;
}

const toMemberTitle = (title: Title, held: Held): MemberTitle =>
  Object.assign(new MemberTitle(), held, { title });

export const grantById = async (
  db: EntityManager,
  id: TitleGrantId,
): Promise<MemberTitle | null> => {
  const [row] = await query<Held & { titleId: Title['id'] }>(
    db,
    `SELECT id AS "grantId", title_id AS "titleId", member_id AS "memberId", reason, ends_at AS "endsAt"
     FROM title_grant WHERE id = $1`,
    [id],
  );
  const title = row && (await titleById(db, row.titleId));
  return row && title ? toMemberTitle(title, row) : null;
};

type Row = Omit<Title, 'id'> & {
  readonly titleId: Title['id'];
  readonly memberId: MemberId;
  readonly total: number;
  readonly grantId: TitleGrantId | null;
  readonly reason: string | null;
  readonly endsAt: Date | null;
  readonly hasBadge: boolean;
  readonly contest: string | null;
};

/**
 * What members are called now. Rules are asked when it is read: a title by rule is there as long as its cause, and
 * nothing has to be taken back when a badge is.
 */
export const titlesOfMembers: BatchQuery<MemberId, readonly MemberTitle[]> = async (ctx, ids) => {
  const now = ctx.deps.now();
  const rows = await query<Row>(ctx.db, candidates, [ids, now]);
  const books = await ruleBooks(ctx.db, [...new Set(rows.map(({ communityId }) => communityId))]);
  const held = rows.flatMap((row) => {
    const book = books.get(row.communityId);
    const level = book ? levelOf(ruleSetOn(book, utcDay(now)).levels, row.total) : null;
    const reason = reasonOf(row, level);
    const { titleId: id, communityId, name, description, badge, contestPlace } = row;
    const title = Object.assign(new Title(), {
      ...{ id, communityId, name, description, level: row.level, badge, contestPlace },
    });
    return reason === null ? [] : [toMemberTitle(title, { ...row, reason })];
  });
  return groupBy(held, ({ memberId }) => memberId);
};

/** Why a member has a title, in a sentence; null when it does not have it. */
const reasonOf = (row: Row, level: { number: number; name: string } | null): string | null => {
  if (row.level !== null)
    return level !== null && level.number >= row.level
      ? `Has reached level ${String(row.level)}, and is ${level.name}`
      : null;
  if (row.badge !== null) return row.hasBadge ? `Has the badge ${row.badge}` : null;
  if (row.contestPlace !== null)
    return row.contest === null
      ? null
      : `Was among the first ${String(row.contestPlace)} of “${row.contest}”`;
  return row.reason;
};

const candidates = `
  SELECT title.id AS "titleId", title.community_id AS "communityId", title.name, title.description, title.level, title.badge,
    contest_place AS "contestPlace", member.member_id AS "memberId", member.total, given.id AS "grantId", given.reason,
    given.ends_at AS "endsAt",
    title.badge IS NOT NULL AND EXISTS (
      SELECT FROM badge_award WHERE badge_award.member_id = member.member_id AND badge_award.badge = title.badge) AS "hasBadge",
    CASE WHEN contest_place IS NOT NULL THEN (
      SELECT contest.title FROM contest_prize AS prize JOIN contest ON contest.id = prize.contest_id
      WHERE prize.member_id = member.member_id AND place <= contest_place ORDER BY contest.id DESC LIMIT 1) END AS contest
  FROM member_standing AS member
    JOIN title ON title.community_id = member.community_id AND title.retired_at IS NULL
    LEFT JOIN title_grant AS given ON given.title_id = title.id AND given.member_id = member.member_id
      AND given.revoked_at IS NULL AND (given.ends_at IS NULL OR given.ends_at > $2)
  WHERE member.member_id = ANY($1)
  ORDER BY title.id`;
