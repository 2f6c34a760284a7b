import { defineJob } from '@lyceum/platform';
import { z } from 'zod';

const hour = 60 * 60 * 1_000;

/** Deletes what can no longer be used: tokens past their end and sessions that ended a month ago. */
export const forgetSessions = defineJob({
  name: 'identity.forget-sessions',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: hour,
  async run({ deps, ctx }) {
    const now = deps.now();
    const monthAgo = new Date(now.getTime() - 30 * 24 * hour);
    await ctx.db.query('DELETE FROM session WHERE expires_at < $1 OR revoked_at < $1', [monthAgo]);
    await ctx.db.query('DELETE FROM refresh_token WHERE expires_at < $1', [now]);
  },
});
