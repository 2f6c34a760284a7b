import type { CommunityId } from '@lyceum/contracts';
import { defineJob, type Ctx } from '@lyceum/platform';
import { z } from 'zod';
import { revisionOf } from '../engagement/revision';
import { communityToday } from '../metrics/read-metric';
import { query } from '../sql';
import { churnReport } from './churn-report';
import { growthReport } from './growth-report';
import { operatingReport } from './operating-report';

/** Computed by workers, because they look at months of a whole community. */
const computed = [growthReport, churnReport, operatingReport] as const;

/** Computes the models of every community whose metrics have changed since, or whose day has passed. */
export const computeModels = defineJob({
  name: 'reputation.compute-models',
  destination: 'reputation-engagement',
  input: z.object({}),
  attempts: 2,
  timeoutMs: 10 * 60_000,
  concurrency: 1,
  everyMs: 3_600_000,
  run: async ({ ctx, signal }) => {
    for (const communityId of await staleCommunities(ctx)) {
      if (signal.aborted) return;
      await computeModelsOf(ctx, communityId);
    }
  },
});

const staleCommunities = async (ctx: Ctx): Promise<CommunityId[]> => {
  const rows = await query<{ id: CommunityId }>(
    ctx.db,
    `SELECT community_id AS id FROM metric_revision AS current
     WHERE NOT EXISTS (SELECT FROM model_report AS report WHERE report.community_id = current.community_id
       AND report.revision = current.revision AND computed_at > $1::timestamptz - interval '24 hours')
     ORDER BY changed_at`,
    [ctx.deps.now()],
  );
  return rows.map(({ id }) => id);
};

/** The revision is read first: what changes meanwhile makes the reports stale again. */
export const computeModelsOf = async (ctx: Ctx, communityId: CommunityId): Promise<void> => {
  const revision = await revisionOf(ctx.db, communityId);
  const today = await communityToday(ctx, communityId);
  for (const compute of computed) {
    const report = await compute(ctx.db, { communityId, today });
    await ctx.db.query(
      `INSERT INTO model_report (community_id, model, computed_at, revision, report) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (community_id, model) DO UPDATE
         SET computed_at = excluded.computed_at, revision = excluded.revision, report = excluded.report
         WHERE model_report.revision <= excluded.revision`,
      [communityId, report.model, ctx.deps.now(), revision, JSON.stringify(report)],
    );
  }
};
