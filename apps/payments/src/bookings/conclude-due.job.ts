import { defineJob, UserError } from '@lyceum/platform';
import { z } from 'zod';
import { sendBack } from '../holds/end-held';
import { concludeDue } from './conclude-booking';

/** Ends appointments whose time to complain, or to object, is over. What a bank decides on waits for the bank. */
export const concludeBookings = defineJob({
  name: 'payments.conclude-bookings',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 60_000,
  run: async ({ ctx, signal }) => {
    const due = await ctx.db.query<{ id: string }[]>(
      `SELECT id FROM booking WHERE due_at <= $1
         AND NOT EXISTS (SELECT FROM dispute WHERE dispute.order_id = booking.order_id AND dispute.status = 'open')
       ORDER BY due_at LIMIT 200`,
      [ctx.deps.now()],
    );
    for (const { id } of due) {
      if (signal.aborted) return;
      const ended = await concludeDue(ctx, id);
      if (ended instanceof UserError)
        ctx.log.warn({ bookingId: id, code: ended.code }, 'booking.not-concluded');
      else await sendBack(ctx, ended.refundId);
    }
  },
});
