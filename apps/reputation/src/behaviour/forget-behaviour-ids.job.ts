import { defineJob } from '@lyceum/platform';
import { z } from 'zod';
import { maxLateDays } from './check-behaviour';

/** Forgets ids of events so long ago that the same event would be refused as too old. */
export const forgetBehaviourIds = defineJob({
  name: 'reputation.forget-behaviour-ids',
  destination: 'reputation-engagement',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 6 * 3_600_000,
  run: async ({ ctx, deps }) => {
    await ctx.db.query(
      `DELETE FROM behaviour_seen WHERE received_on < $1::timestamptz::date - $2::int`,
      [deps.now(), maxLateDays + 2],
    );
  },
});
