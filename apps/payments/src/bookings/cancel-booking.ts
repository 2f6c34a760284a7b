import { isId } from '@lyceum/contracts';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import {
  endHeld,
  EndingPreview,
  sendBack,
  toEndingPreview,
  type EndingPlan,
} from '../holds/end-held';
import { lockOrder, type Order } from '../orders/order.type';
import { NotNow } from '../holds/not-now';
import { NotRefundable } from '../refunds/refund-terms';
import type { RefundId } from '../refunds/write-refund';
import { BookingNotFound } from './booking.errors';
import { Booking, lockBooking, selectBookings, sideOf, visibleBooking } from './booking.type';
import { endBooking, planBookingEnd, shareOf } from './end-booking';

@InputType()
export class CancelBookingInput {
  @Field(() => ID) bookingId!: string;
}

export const BookingCancelPreview = createUnionType({
  name: 'BookingCancelPreview',
  types: () => [EndingPreview, BookingNotFound, NotNow, NotRefundable] as const,
});

export const CancelBookingResult = createUnionType({
  name: 'CancelBookingResult',
  types: () => [Booking, BookingNotFound, NotNow, NotRefundable] as const,
});
type Result = typeof CancelBookingResult;

/** What canceling now would do with the money. Changes nothing. */
export const bookingCancelPreview = async (
  ctx: Ctx,
  bookingId: string,
): Promise<typeof BookingCancelPreview> => {
  requireUser(ctx);
  const booking = await visibleBooking(ctx, bookingId);
  if (booking === null) return new BookingNotFound();
  const plan = await planCancel(ctx, { booking }, ctx.deps.now());
  return plan instanceof UserError ? plan : toEndingPreview(plan);
};

/**
 * Calls an appointment off: its buyer on the terms of the booking and before it begins; the consultant, or who manages
 * the catalogue, as long as it is not over, and then all of it goes back.
 */
export const cancelBooking = async (ctx: Ctx, input: CancelBookingInput): Promise<Result> => {
  const ended = await cancel(ctx, input);
  if (ended instanceof UserError) return ended;
  await sendBack(ctx, ended.refundId);
  return ended.booking;
};

export interface Ended {
  readonly booking: Booking;
  readonly refundId: RefundId | null;
}

const cancel = useCase(
  async (tx, { bookingId }: CancelBookingInput): Promise<Ended | Exclude<Result, Booking>> => {
    const locked = await lockWithOrder(tx, bookingId);
    if (locked === null) return new BookingNotFound();
    const { booking } = locked;
    const side = await sideOf(tx, booking);
    if (side === null) return new BookingNotFound();
    if (booking.status === 'canceled') return { booking, refundId: null };
    const plan = await planCancel(tx, locked, tx.now);
    if (plan instanceof UserError) return plan;
    const outcome = `Canceled by the ${side === 'manager' ? 'community' : side}.`;
    await endBooking(tx, booking, { status: 'canceled', outcome });
    return { booking, refundId: await endHeld(tx, plan, outcome) };
  },
);

const planCancel = async (
  ctx: Pick<Ctx | Tx, 'db' | 'actor'>,
  { booking, order }: { booking: Booking; order?: Order },
  now: Date,
): Promise<EndingPlan | BookingNotFound | NotNow | NotRefundable> => {
  const side = await sideOf(ctx, booking);
  if (side === null) return new BookingNotFound();
  if (booking.status === 'held') return new NotNow('It is not paid: cancel its order.');
  if (booking.status !== 'booked')
    return new NotNow('Only an appointment that is to come is canceled.');
  if (side === 'buyer' && now >= booking.startsAt) return new NotNow('It has begun.');
  const by = side === 'buyer' ? 'buyer' : 'consultant';
  const share = shareOf(booking, { why: 'canceled', by, at: now });
  return planBookingEnd(ctx, { booking, share, ...(order === undefined ? {} : { order }) }, now);
};

/** The booking and its order, locked in that order everywhere: the order first. */
export const lockWithOrder = async (
  tx: Tx,
  bookingId: string,
): Promise<{ booking: Booking; order: Order } | null> => {
  const [found] = isId(bookingId) ? await selectBookings(tx.db, 'id = $1', [bookingId]) : [];
  const order = found === undefined ? null : await lockOrder(tx.db, found.orderId);
  const booking = found === undefined ? null : await lockBooking(tx.db, found.id);
  return order === null || booking === null ? null : { booking, order };
};
