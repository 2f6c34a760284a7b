import { TrialEnded, type AccountId, type CommunityId } from '@lyceum/contracts';
import { defineJob, useCase } from '@lyceum/platform';
import { z } from 'zod';

const minute = 60_000;
const batchSize = 500;

/** Ends trials whose time is over. Of two runs at once, each takes trials of its own. */
export const endTrials = defineJob({
  name: 'identity.end-trials',
  input: z.object({}),
  attempts: 3,
  timeoutMs: minute,
  concurrency: 1,
  everyMs: minute,
  run: async ({ ctx, signal }) => {
    while (!signal.aborted) if ((await endBatch(ctx, null)) < batchSize) return;
  },
});

const endBatch = useCase(async (tx, _: null): Promise<number> => {
  const [ended] = await tx.db.query<
    [{ trialId: string; communityId: CommunityId; accountId: AccountId }[], number]
  >(
    `UPDATE trial SET ended_at = $1 WHERE id IN (
       SELECT id FROM trial WHERE ended_at IS NULL AND ends_at <= $1 ORDER BY ends_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id AS "trialId", community_id AS "communityId", account_id AS "accountId"`,
    [tx.now, batchSize],
  );
  for (const trial of ended) await tx.emit(TrialEnded, trial);
  return ended.length;
});
