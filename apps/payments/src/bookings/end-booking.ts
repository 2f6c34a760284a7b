import { money } from '@lyceum/money';
import type { Ctx, Tx } from '@lyceum/platform';
import { partOf } from '../holds/held-money';
import { planEnding, type EndingPlan } from '../holds/end-held';
import { selectOrders, type Order } from '../orders/order.type';
import type { NotRefundable } from '../refunds/refund-terms';
import { assertMove } from '../state-machines';
import { shareBack, type EndOfBooking } from './booking-terms';
import type { Booking } from './booking.type';

export interface BookingEnd {
  readonly status: 'completed' | 'canceled';
  readonly outcome: string;
}

/** Marks it as over. What becomes of the money is the caller's. */
export const endBooking = async (
  tx: Tx,
  booking: Booking,
  { status, outcome }: BookingEnd,
): Promise<void> => {
  assertMove('booking', booking.status, status);
  await tx.db.query(
    `UPDATE booking SET status = $2, outcome = $3, ended_at = $4, due_at = NULL WHERE id = $1`,
    [booking.id, status, outcome, tx.now],
  );
  Object.assign(booking, { status, outcome, endedAt: tx.now, dueAt: null });
};

/** What becomes of the money when the booking ends like that: for the preview, and for the end itself. */
export const planBookingEnd = async (
  ctx: Pick<Ctx | Tx, 'db' | 'actor'>,
  { booking, share, order }: { booking: Booking; share: number; order?: Order },
  now: Date,
): Promise<EndingPlan | NotRefundable> => {
  const [found] =
    order === undefined ? await selectOrders(ctx.db, 'id = $1', [booking.orderId]) : [order];
  if (found === undefined) throw new Error('a booking has an order');
  const back = partOf(money(found.totalMinor, found.currency), share);
  return planEnding(ctx, { order: found, heldId: booking.id, back }, now);
};

export const shareOf = ({ terms, startsAt }: Booking, end: EndOfBooking): number =>
  shareBack(terms, startsAt, end);
