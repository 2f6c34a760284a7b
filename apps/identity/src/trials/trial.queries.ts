import type { CommunityId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import { Trial } from './trial.type';

export const trialColumns = `id, community_id AS "communityId", account_id AS "accountId",
  started_at AS "startedAt", ends_at AS "endsAt", ended_at AS "endedAt"`;

export const asTrial = (row: object): Trial => Object.assign(new Trial(), row);

/** The viewer's own trial, by community. For loaders. */
export const viewerTrials = async (
  ctx: Ctx,
  communityIds: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, Trial>> => {
  if (ctx.actor.kind !== 'user') return new Map();
  const rows = await ctx.db.query<object[]>(
    `SELECT ${trialColumns} FROM trial WHERE account_id = $1 AND community_id = ANY($2)`,
    [ctx.actor.accountId, communityIds],
  );
  return new Map(rows.map(asTrial).map((trial) => [trial.communityId, trial]));
};

/** How many days the trial of each community lasts; absent where there is none. For loaders. */
export const trialDays = async (
  ctx: Ctx,
  communityIds: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, number>> => {
  const rows = await ctx.db.query<{ id: CommunityId; days: number }[]>(
    'SELECT id, trial_days AS days FROM community WHERE id = ANY($1) AND trial_days IS NOT NULL',
    [communityIds],
  );
  return new Map(rows.map(({ id, days }) => [id, days]));
};
