import { defineJob } from '@lyceum/platform';
import { z } from 'zod';

/** How long the same key still finds what it made: longer than any client tries again. */
export const keptDays = 7;

export const forgetKeys = defineJob({
  name: 'content.forget-keys',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 3_600_000,
  run: async ({ ctx, deps }) => {
    await ctx.db.query(
      'DELETE FROM idempotency_key WHERE created_at < $1::timestamptz - make_interval(days => $2)',
      [deps.now(), keptDays],
    );
  },
});
