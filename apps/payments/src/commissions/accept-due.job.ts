import { defineJob, UserError } from '@lyceum/platform';
import { z } from 'zod';
import { sendBack } from '../holds/end-held';
import { acceptDue } from './carry-out';

/** Accepts what was delivered and nobody complained about. What a bank decides on waits for the bank. */
export const acceptCommissions = defineJob({
  name: 'payments.accept-commissions',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 60_000,
  run: async ({ ctx, signal }) => {
    const due = await ctx.db.query<{ id: string }[]>(
      `SELECT id FROM commission WHERE status = 'delivered' AND due_at <= $1
         AND NOT EXISTS (SELECT FROM dispute WHERE dispute.order_id = commission.order_id AND dispute.status = 'open')
       ORDER BY due_at LIMIT 200`,
      [ctx.deps.now()],
    );
    for (const { id } of due) {
      if (signal.aborted) return;
      const done = await acceptDue(ctx, id);
      if (done instanceof UserError)
        ctx.log.warn({ commissionId: id, code: done.code }, 'commission.not-accepted');
      else await sendBack(ctx, done.refundId);
    }
  },
});
