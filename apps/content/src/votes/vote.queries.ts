import type { Ctx } from '@lyceum/platform';

/** The viewer's own votes, by target: 1 or -1. */
export const viewerVotes = async (
  ctx: Ctx,
  targetIds: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  if (ctx.actor.kind !== 'user') return new Map();
  const votes = await ctx.db.query<{ targetId: string; value: number }[]>(
    `SELECT v.target_id AS "targetId", v.value
     FROM vote AS v JOIN membership AS m ON m.member_id = v.voter_id
     WHERE m.account_id = $1 AND v.target_id = ANY($2::uuid[]) AND v.value <> 0`,
    [ctx.actor.accountId, targetIds],
  );
  return new Map(votes.map(({ targetId, value }) => [targetId, value]));
};
