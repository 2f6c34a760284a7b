import { defineJob } from '@lyceum/platform';
import { z } from 'zod';
import { advanceDue } from './advance-due';
import { chargeDue } from './charge-due';

const batch = 200;

/** Ends trials and periods, and begins the next ones. */
export const advanceSubscriptions = defineJob({
  name: 'payments.advance-subscriptions',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 30_000,
  run: async ({ ctx, signal }) => {
    while (!signal.aborted && (await advanceDue(ctx, { limit: batch })) > 0);
  },
});

/** Charges what is due, and again what was declined. */
export const chargeSubscriptions = defineJob({
  name: 'payments.charge-subscriptions',
  input: z.object({}),
  attempts: 1,
  timeoutMs: 120_000,
  concurrency: 1,
  everyMs: 30_000,
  run: async ({ ctx, signal }) => {
    while (!signal.aborted && (await chargeDue(ctx, batch)) > 0);
  },
});
