import {
  badInput,
  connectionType,
  load,
  notFound,
  PageArgs,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  Float,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Product } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { Member } from '../communities/community.type';
import { Order } from '../orders/order.type';
import { visibleOrder } from '../orders/order.queries';
import { dayMs } from '../subscriptions/calendar';
import { bookSlot, BookSlotInput, BookSlotResult } from './book-slot';
import { Booking, BookingSide, bookingsOf, visibleBooking } from './booking.type';
import {
  bookingCancelPreview,
  BookingCancelPreview,
  cancelBooking,
  CancelBookingInput,
  CancelBookingResult,
} from './cancel-booking';
import {
  BookingInput,
  BookingResult,
  confirmBooking,
  contestAbsence,
  decideBooking,
  DecideBookingInput,
  reportAbsence,
} from './conclude-booking';
import {
  bookableFrom,
  ConsultingHours,
  ConsultingSlot,
  hoursOf,
  slotsOf,
} from './consulting-hours';
import { responseTimes } from './response-time';
import {
  setConsultingHours,
  SetConsultingHoursInput,
  SetConsultingHoursResult,
} from './set-consulting-hours';

const BookingConnection = connectionType('Booking', () => Booking);
type Result = Promise<typeof BookingResult>;

@ArgsType()
class BookingsArgs extends PageArgs {
  @Field(() => BookingSide, { description: 'As the one who booked, or who is booked.' })
  as!: BookingSide;
}

@ArgsType()
class SlotsArgs {
  @Field(() => Date) from!: Date;
  @Field(() => Date, { description: 'At most 62 days later.' }) until!: Date;
}

const maxSpanMs = 62 * dayMs;

@Resolver(() => Booking)
export class BookingResolver {
  @Authorized()
  @Query(() => Booking, { nullable: true })
  async booking(@Context() ctx: Ctx, @Arg('id', () => ID) id: string): Promise<Booking> {
    const booking = await visibleBooking(ctx, id);
    if (booking === null) throw notFound('There is no such booking.');
    return booking;
  }

  @Authorized()
  @Query(() => BookingConnection, { nullable: true, description: 'Newest first.' })
  viewerBookings(
    @Context() ctx: Ctx,
    @Args(() => BookingsArgs) { as, ...page }: BookingsArgs,
  ): Promise<Connection<Booking>> {
    return bookingsOf(ctx, as, page);
  }

  @Authorized()
  @Query(() => BookingCancelPreview, {
    nullable: true,
    description: 'What `cancelBooking` would do with the money now. Changes nothing.',
  })
  bookingCancelPreview(
    @Context() ctx: Ctx,
    @Arg('bookingId', () => ID) bookingId: string,
  ): Promise<typeof BookingCancelPreview> {
    return bookingCancelPreview(ctx, bookingId);
  }

  @Authorized()
  @Mutation(() => SetConsultingHoursResult, { nullable: true })
  setConsultingHours(
    @Context() ctx: Ctx,
    @Arg('input', () => SetConsultingHoursInput) input: SetConsultingHoursInput,
  ): Promise<typeof SetConsultingHoursResult> {
    return setConsultingHours(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => BookSlotResult, { nullable: true })
  bookSlot(
    @Context() ctx: Ctx,
    @Arg('input', () => BookSlotInput) input: BookSlotInput,
  ): Promise<typeof BookSlotResult> {
    return bookSlot(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => CancelBookingResult, { nullable: true })
  cancelBooking(
    @Context() ctx: Ctx,
    @Arg('input', () => CancelBookingInput) input: CancelBookingInput,
  ): Promise<typeof CancelBookingResult> {
    return cancelBooking(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => BookingResult, { nullable: true, description: 'It took place, says its buyer.' })
  confirmBooking(
    @Context() ctx: Ctx,
    @Arg('input', () => BookingInput) input: BookingInput,
  ): Result {
    return confirmBooking(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => BookingResult, {
    nullable: true,
    description: 'The other side was not there. It has two days to say otherwise.',
  })
  reportAbsence(
    @Context() ctx: Ctx,
    @Arg('input', () => BookingInput) input: BookingInput,
  ): Result {
    return reportAbsence(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => BookingResult, { nullable: true, description: 'You were there, you say.' })
  contestAbsence(
    @Context() ctx: Ctx,
    @Arg('input', () => BookingInput) input: BookingInput,
  ): Result {
    return contestAbsence(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => BookingResult, {
    nullable: true,
    description: 'By who manages the catalogue, and was not a side of it.',
  })
  decideBooking(
    @Context() ctx: Ctx,
    @Arg('input', () => DecideBookingInput) input: DecideBookingInput,
  ): Result {
    return decideBooking(ctx, input);
  }

  @FieldResolver(() => Product, { nullable: true })
  product(@Root() { productId }: Booking, @Context() ctx: Ctx): Promise<Product | null> {
    return load(ctx, productsById, productId);
  }

  @FieldResolver(() => Order, { nullable: true })
  order(@Root() { orderId }: Booking, @Context() ctx: Ctx): Promise<Order | null> {
    return visibleOrder(ctx, orderId);
  }

  @FieldResolver(() => Member)
  consultant(@Root() { consultantId }: Booking): Member {
    return { id: consultantId };
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Null for one from outside.' })
  buyer(@Root() { buyerMemberId }: Booking): Member | null {
    return buyerMemberId === null ? null : { id: buyerMemberId };
  }
}

@Resolver(() => Product)
export class ProductSlotsResolver {
  @FieldResolver(() => ConsultingHours, { nullable: true })
  consultingHours(@Root() { id }: Product, @Context() ctx: Ctx): Promise<ConsultingHours | null> {
    return hoursOf(ctx.db, id);
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Median hours in which its consultant answers who asks for work (`requestCommission`), of a year, by a quote or a no; no answer counts as 30 days. Null below five clients.',
  })
  responseTime(@Root() { id }: Product, @Context() ctx: Ctx): Promise<number | null> {
    return load(ctx, responseTimes, id);
  }

  @FieldResolver(() => [ConsultingSlot], {
    nullable: true,
    description: 'Times that can be booked, earliest first; at most 1000, taken ones included.',
  })
  async slots(
    @Root() { id: productId }: Product,
    @Context() ctx: Ctx,
    @Args(() => SlotsArgs) { from, until }: SlotsArgs,
  ): Promise<ConsultingSlot[]> {
    if (until.getTime() - from.getTime() > maxSpanMs)
      throw badInput('Slots are shown for at most 62 days.');
    const hours = await hoursOf(ctx.db, productId);
    if (hours === null) return [];
    const earliest = bookableFrom(hours, ctx.deps.now());
    const start = from > earliest ? from : earliest;
    return start < until ? slotsOf(ctx.db, { productId, from: start, until }) : [];
  }
}
