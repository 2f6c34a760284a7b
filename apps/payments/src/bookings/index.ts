import { EndingPreview } from '../holds/end-held';
import { NotNow } from '../holds/not-now';
import { NotForSaleLikeThis } from '../orders/order.errors';
import { BookingNotFound, InvalidHours, SlotNotOffered, SlotTaken } from './booking.errors';
import { BookingResolver, ProductSlotsResolver } from './booking.resolver';
import { concludeBookings } from './conclude-due.job';

export const bookings = {
  resolvers: [BookingResolver, ProductSlotsResolver],
  types: [
    EndingPreview,
    BookingNotFound,
    InvalidHours,
    NotForSaleLikeThis,
    NotNow,
    SlotNotOffered,
    SlotTaken,
  ],
  jobs: [concludeBookings],
};
