import { defineJob } from '@lyceum/platform';
import { z } from 'zod';

/** How long the same key still finds its answer: longer than any client tries again. */
const keptDays = 30;

export const forgetCommands = defineJob({
  name: 'payments.forget-commands',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 3_600_000,
  run: async ({ ctx, deps }) => {
    await ctx.db.query(
      'DELETE FROM command_key WHERE created_at < $1::timestamptz - make_interval(days => $2)',
      [deps.now(), keptDays],
    );
  },
});
