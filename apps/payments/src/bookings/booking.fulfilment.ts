import assert from 'node:assert/strict';
import type { Tx } from '@lyceum/platform';
import { holdNet, settleHeld } from '../holds/held-money';
import type { Fulfilment, LineOf } from '../orders/fulfilment';
import { piecesOf, returnStock } from '../orders/stock';
import { dayMs } from '../subscriptions/calendar';
import { takeTurnsWith } from './book-slot';
import { lockBooking, type Booking } from './booking.type';
import { endBooking } from './end-booking';

const bookingOf = async (tx: Tx, { line }: LineOf): Promise<Booking> => {
  const booking = await lockBooking(tx.db, line.referenceId ?? '');
  assert(booking !== null, 'a line of a booking is about it');
  return booking;
};

const isSlotFree = async (tx: Tx, booking: Booking): Promise<boolean> => {
  const others = await tx.db.query<unknown[]>(
    `SELECT FROM booking WHERE consultant_account_id = $1 AND id <> $2 AND status NOT IN ('given-up', 'canceled')
       AND tstzrange(starts_at, ends_at) && tstzrange($3, $4) LIMIT 1`,
    [booking.consultantAccountId, booking.id, booking.startsAt, booking.endsAt],
  );
  return others.length === 0;
};

/** Time with somebody: paid, it is booked, and the money held until it was given. */
export const bookingFulfilment: Fulfilment = {
  credits: (tx, { order, line, net }) => {
    assert(line.referenceId !== null, 'a line of a booking is about it');
    return holdNet(tx, { id: line.referenceId, code: 'escrow' }, { order, net });
  },
  isAvailable: async (tx, of) => {
    const booking = await bookingOf(tx, of);
    if (booking.status === 'held') return true;
    await takeTurnsWith(tx, booking.consultantAccountId);
    return booking.startsAt > tx.now && (await isSlotFree(tx, booking));
  },
  settled: async (tx, of) => {
    const { id, endsAt, terms } = await bookingOf(tx, of);
    const dueAt = new Date(endsAt.getTime() + terms.confirmDays * dayMs);
    await tx.db.query(`UPDATE booking SET status = 'booked', due_at = $2 WHERE id = $1`, [
      id,
      dueAt,
    ]);
  },
  closed: async (tx, of) => {
    const { id, status } = await bookingOf(tx, of);
    if (status === 'held')
      await tx.db.query(`UPDATE booking SET status = 'given-up' WHERE id = $1`, [id]);
  },
  whyNotReturned: () => Promise.resolve('An appointment is canceled, on the terms of its booking.'),
  refunded: async (tx, { order, line, isFull }) => {
    if (!isFull) return;
    const pieces = piecesOf(line);
    if (pieces !== null) await returnStock(tx.db, pieces);
    const booking = await bookingOf(tx, { order, line });
    if (booking.endedAt === null)
      await endBooking(tx, booking, { status: 'canceled', outcome: 'All of it went back.' });
    await settleHeld(tx, order, booking.id);
  },
};
