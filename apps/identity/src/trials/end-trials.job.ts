import { TrialEnded, type AccountId, type CommunityId } from '@lyceum/contracts';
import { defineJob, useCase } from '@lyceum/platform';
import { z } from 'zod';
import { writeMail } from '../mail/write-mail';

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

interface EndedTrial {
  readonly trialId: string;
  readonly communityId: CommunityId;
  readonly accountId: AccountId;
  readonly endedAt: Date;
  readonly community: string;
  readonly zone: string;
}

const endBatch = useCase(async (tx, _: null): Promise<number> => {
  const [ended] = await tx.db.query<[EndedTrial[], number]>(
    `UPDATE trial SET ended_at = $1 FROM community AS c, account AS a
     WHERE c.id = trial.community_id AND a.id = trial.account_id AND trial.id IN (
       SELECT id FROM trial WHERE ended_at IS NULL AND ends_at <= $1 ORDER BY ends_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING trial.id AS "trialId", community_id AS "communityId", account_id AS "accountId",
       ends_at AS "endedAt", c.name AS community, a.time_zone AS zone`,
    [tx.now, batchSize],
  );
  for (const { endedAt, community, zone, ...trial } of ended) {
    await tx.emit(TrialEnded, trial);
    const details = { community, zone, at: endedAt.toISOString() };
    await writeMail(tx, { accountId: trial.accountId, template: 'trial-ended', details });
  }
  return ended.length;
});
