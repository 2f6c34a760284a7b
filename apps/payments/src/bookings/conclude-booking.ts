import { useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { endHeld, sendBack } from '../holds/end-held';
import { isDisputed } from '../holds/held-money';
import type { Order } from '../orders/order.type';
import { NotNow } from '../holds/not-now';
import { NotRefundable } from '../refunds/refund-terms';
import { assertMove } from '../state-machines';
import { BookingNotFound } from './booking.errors';
import { Booking, sideOf } from './booking.type';
import { lockWithOrder, type Ended } from './cancel-booking';
import { endBooking, planBookingEnd, shareOf } from './end-booking';

@InputType()
export class BookingInput {
  @Field(() => ID) bookingId!: string;
}

@InputType()
export class DecideBookingInput extends BookingInput {
  @Field(() => Int, {
    description: 'What goes back to the buyer, in hundredths of a percent: 0 to 10000.',
  })
  backBasisPoints!: number;
}

export const BookingResult = createUnionType({
  name: 'BookingResult',
  types: () => [Booking, BookingNotFound, NotNow, NotRefundable] as const,
});
type Result = typeof BookingResult;
type Refusal = Exclude<Result, Booking>;

const hourMs = 3_600_000;
/** So long has who is said to have been absent to say otherwise. */
const objectionMs = 48 * hourMs;

interface Locked {
  readonly booking: Booking;
  readonly order: Order;
  readonly side: 'buyer' | 'consultant' | 'manager';
}

/** A use case on a locked booking that the actor may know of. */
const onBooking = <Input extends BookingInput>(
  run: (tx: Tx, locked: Locked, input: Input) => Promise<Ended | Refusal>,
) => {
  const act = useCase(async (tx, input: Input): Promise<Ended | Refusal> => {
    const locked = await lockWithOrder(tx, input.bookingId);
    const side = locked === null ? null : await sideOf(tx, locked.booking);
    return locked === null || side === null
      ? new BookingNotFound()
      : run(tx, { ...locked, side }, input);
  });
  return async (ctx: Ctx, input: Input): Promise<Result> => {
    const ended = await act(ctx, input);
    if (ended instanceof UserError) return ended;
    await sendBack(ctx, ended.refundId);
    return ended.booking;
  };
};

/** Its buyer says that it took place; what was held is divided at once. Again it changes nothing. */
export const confirmBooking = onBooking(async (tx, { booking, order, side }) => {
  if (side !== 'buyer') return new NotNow('Its buyer confirms an appointment.');
  if (booking.status === 'completed') return { booking, refundId: null };
  if (booking.status !== 'booked' || tx.now < booking.startsAt)
    return new NotNow('It has not begun, or is over.');
  return conclude(tx, { booking, order, share: 0, outcome: 'Confirmed by the buyer.' });
});

/**
 * One side says that the other was not there. Unless that one objects within two days it is so, and the terms say what
 * goes back. Said by both of each other it is contested at once.
 */
export const reportAbsence = onBooking(async (tx, { booking, side }) => {
  if (side === 'manager') return new NotNow('Its two sides say who was absent.');
  const absent = side === 'buyer' ? 'consultant' : 'buyer';
  if (booking.status === 'claimed' && booking.absent === side) return contest(tx, booking);
  if (booking.status === 'claimed') return { booking, refundId: null };
  if (booking.status !== 'booked' || tx.now < booking.startsAt)
    return new NotNow('It has not begun, or is over.');
  return move(tx, booking, {
    status: 'claimed',
    absent,
    dueAt: new Date(tx.now.getTime() + objectionMs),
  });
});

/** Who is said to have been absent says otherwise: who manages the catalogue decides. */
export const contestAbsence = onBooking(async (tx, { booking, side }) => {
  if (booking.status === 'contested') return { booking, refundId: null };
  if (booking.status !== 'claimed' || booking.absent !== side)
    return new NotNow('Nobody says that you were absent.');
  return contest(tx, booking);
});

/** Decides on what is contested: any part goes back, and the consultant gets the rest. */
export const decideBooking = onBooking(
  async (tx, { booking, order, side }, { backBasisPoints: share }: DecideBookingInput) => {
    // Nobody judges their own case, whatever their role.
    if (side !== 'manager') return new NotNow('Somebody who manages the catalogue decides.');
    if (booking.status !== 'contested') return new NotNow('Nothing is contested.');
    if (share < 0 || share > 10_000) return new NotNow('A part is 0 to 10000.');
    return conclude(tx, { booking, order, share, outcome: 'Decided by the community.' });
  },
);

/** What its time has come for: nobody complained, or nobody objected. */
export const concludeDue = useCase(async (tx, bookingId: string): Promise<Ended | Refusal> => {
  const locked = await lockWithOrder(tx, bookingId);
  if (locked === null) return new BookingNotFound();
  const { booking } = locked;
  if (booking.dueAt === null || booking.dueAt > tx.now) return new NotNow('It is not due.');
  if (booking.status === 'booked')
    return conclude(tx, { ...locked, share: 0, outcome: 'Nobody complained.' });
  const who = booking.absent ?? 'buyer';
  const share = shareOf(booking, { why: 'absent', who });
  return conclude(tx, { ...locked, share, outcome: `The ${who} was not there.` });
});

const conclude = async (
  tx: Tx,
  of: { booking: Booking; order: Order; share: number; outcome: string },
): Promise<Ended | Refusal> => {
  const { booking, order, share, outcome } = of;
  if (await isDisputed(tx.db, order.id))
    return new NotNow('The payment is disputed: the bank decides first.');
  const plan = await planBookingEnd(tx, { booking, order, share }, tx.now);
  if (plan instanceof UserError) return plan;
  const status = plan.refund === null ? 'completed' : 'canceled';
  await endBooking(tx, booking, { status, outcome });
  return { booking, refundId: await endHeld(tx, plan, outcome) };
};

const contest = (tx: Tx, booking: Booking): Promise<Ended> =>
  move(tx, booking, { status: 'contested', absent: booking.absent, dueAt: null });

const move = async (
  tx: Tx,
  booking: Booking,
  next: Pick<Booking, 'absent' | 'dueAt'> & { status: 'claimed' | 'contested' },
): Promise<Ended> => {
  assertMove('booking', booking.status, next.status);
  await tx.db.query('UPDATE booking SET status = $2, absent = $3, due_at = $4 WHERE id = $1', [
    booking.id,
    next.status,
    next.absent,
    next.dueAt,
  ]);
  return { booking: Object.assign(booking, next), refundId: null };
};
