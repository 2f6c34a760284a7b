import { defineJob } from '@lyceum/platform';
import { z } from 'zod';
import { evaluateAlerts } from './evaluate-alerts';

export const evaluateAlertRules = defineJob({
  name: 'reputation.evaluate-alerts',
  destination: 'reputation-engagement',
  input: z.object({}),
  attempts: 1, // the next one comes in a minute
  timeoutMs: 50_000,
  concurrency: 1,
  everyMs: 60_000,
  run: async ({ ctx, signal }) => {
    await evaluateAlerts(ctx, signal);
  },
});
