import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { query } from '../sql';
import { Referral, Referrer } from './referral.resolver';

/** Points that a member has of one whom it brought; the awards taken back are among the entries, and so nothing. */
const pointsOf = (inviter: string, invitee: string): string =>
  `(SELECT coalesce(sum(points), 0)::int FROM point_entry
    WHERE member_id = ${inviter} AND subject_type = 'member' AND subject_id = ${invitee}::text)`;

export const referralsOf = async (
  db: EntityManager,
  inviterId: MemberId,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Referral[]> => {
  const rows = await query<object>(
    db,
    `SELECT id, state, why, invitee_id AS "inviteeId", joined_at AS "joinedAt", activated_at AS "activatedAt",
       purchase_at AS "purchasedAt", ${pointsOf('inviter_id', 'invitee_id')} AS points
     FROM referral WHERE inviter_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [inviterId, after, limit],
  );
  return rows.map((row) => Object.assign(new Referral(), row));
};

export const referrersOf = async (
  db: EntityManager,
  communityId: CommunityId,
  page: { readonly after: readonly [number, number, string] | null; readonly limit: number },
): Promise<Referrer[]> => {
  const rows = await query<object>(
    db,
    `SELECT *, (SELECT coalesce(sum(entry.points), 0)::int FROM point_entry AS entry
         WHERE entry.member_id = referrer.id AND entry.subject_type = 'member') AS points
     FROM (
       SELECT inviter_id AS id, count(*)::int AS joined, count(activated_at)::int AS activated,
         count(*) FILTER (WHERE state = 'purchased')::int AS purchased,
         count(*) FILTER (WHERE state = 'clawed-back')::int AS "clawedBack",
         count(*) FILTER (WHERE state = 'refused')::int AS refused
       FROM referral WHERE community_id = $1 GROUP BY inviter_id
     ) AS referrer
     WHERE $2::int IS NULL OR (refused + "clawedBack", joined, id) < ($2, $3, $4::uuid)
     ORDER BY refused + "clawedBack" DESC, joined DESC, id DESC LIMIT $5`,
    [communityId, ...(page.after ?? [null, null, null]), page.limit],
  );
  return rows.map((row) => Object.assign(new Referrer(), row));
};
