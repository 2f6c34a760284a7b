import { defineJob } from '@lyceum/platform';
import { z } from 'zod';
import { foldHotBalances } from './accounts';

/** Keeps the sum over what waits short, which is what reading a hot account's balance costs. */
export const foldBalances = defineJob({
  name: 'payments.fold-balances',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 10_000,
  concurrency: 1,
  everyMs: 2_000,
  run: async ({ ctx }) => {
    await foldHotBalances(ctx.db);
  },
});
