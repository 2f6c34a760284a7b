import { defineJob } from '@lyceum/platform';
import { z } from 'zod';

const day = 24 * 60 * 60 * 1_000;

/** Deletes mails a month after they were written, and links, changes of address and log-ins that have run out. */
export const forgetMail = defineJob({
  name: 'identity.forget-mail',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: day / 24,
  async run({ deps, ctx }) {
    const now = deps.now();
    await ctx.db.query('DELETE FROM mail WHERE created_at < $1', [
      new Date(now.getTime() - 30 * day),
    ]);
    await ctx.db.query('DELETE FROM proof WHERE expires_at < $1', [now]);
    await ctx.db.query('DELETE FROM login_challenge WHERE expires_at < $1', [now]);
    await ctx.db.query('DELETE FROM passkey_challenge WHERE expires_at < $1', [now]);
    await ctx.db.query('DELETE FROM external_login_attempt WHERE expires_at < $1', [now]);
    await ctx.db.query('DELETE FROM email_change WHERE expires_at < $1', [now]);
  },
});
