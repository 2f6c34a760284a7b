import type { MemberId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { Ban } from './ban.type';

const columns = `id, member_id AS "memberId", reason, banned_at AS "bannedAt", ends_at AS "endsAt"`;

/** The ban in force of each member. For loaders. */
export const bansInForce = async (
  ctx: Ctx,
  memberIds: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, Ban>> => {
  const rows = await ctx.db.query<object[]>(
    `SELECT ${columns} FROM ban WHERE member_id = ANY($1) AND ended_at IS NULL`,
    [memberIds],
  );
  return new Map(
    rows.map((row) => Object.assign(new Ban(), row)).map((ban) => [ban.memberId, ban]),
  );
};

/** Members whose bans are over by now, the longest over first. */
export const membersWithEndedBans = async (
  db: EntityManager,
  { now, limit }: { now: Date; limit: number },
): Promise<readonly MemberId[]> => {
  const rows = await db.query<{ memberId: MemberId }[]>(
    `SELECT member_id AS "memberId" FROM ban WHERE ended_at IS NULL AND ends_at <= $1 ORDER BY ends_at LIMIT $2`,
    [now, limit],
  );
  return rows.map(({ memberId }) => memberId);
};

/** Whether the ban in force, if any, is over by the clock. A ban from before bans had rows has no end. */
export const isBanOver = async (
  db: EntityManager,
  { memberId, now }: { memberId: MemberId; now: Date },
): Promise<boolean> => {
  const rows = await db.query<unknown[]>(
    'SELECT FROM ban WHERE member_id = $1 AND ended_at IS NULL AND ends_at <= $2',
    [memberId, now],
  );
  return rows.length > 0;
};
