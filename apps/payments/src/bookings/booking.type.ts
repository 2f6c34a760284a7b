import { isId, type AccountId, type CommunityId, type Id, type MemberId } from '@lyceum/contracts';
import {
  type Connection,
  type Ctx,
  idIn,
  type PageArgs,
  parsePage,
  requireUser,
  toConnection,
} from '@lyceum/platform';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import type { ProductId } from '../catalogue/product.entity';
import { membershipOf } from '../communities/membership.queries';
import type { StateOf } from '../state-machines';
import { BookingTerms } from './booking-terms';
import { termsColumns } from './consulting-hours';

export type BookingId = Id<'Booking'>;

export enum BookingStatus {
  HELD = 'held',
  GIVEN_UP = 'given-up',
  BOOKED = 'booked',
  CLAIMED = 'claimed',
  CONTESTED = 'contested',
  COMPLETED = 'completed',
  CANCELED = 'canceled',
}
registerEnumType(BookingStatus, {
  name: 'BookingStatus',
  valuesConfig: {
    HELD: { description: 'Kept for its buyer until the order is paid or expires.' },
    GIVEN_UP: { description: 'Not paid in time.' },
    BOOKED: { description: 'Paid. The money is held.' },
    CLAIMED: { description: 'One side says that the other was not there.' },
    CONTESTED: { description: 'The other side says otherwise: who manages the catalogue decides.' },
    COMPLETED: { description: 'Over; what was held has been divided.' },
    CANCELED: { description: 'It did not happen; what the terms say went back.' },
  },
});

export enum BookingSide {
  BUYER = 'buyer',
  CONSULTANT = 'consultant',
}
registerEnumType(BookingSide, { name: 'BookingSide' });

@ObjectType({
  description: 'An appointment. Its two sides and those who manage the catalogue see it.',
})
export class Booking {
  @Field(() => ID) id!: BookingId;
  orderId!: string;
  productId!: ProductId;
  communityId!: CommunityId;
  consultantId!: MemberId;
  consultantAccountId!: AccountId;
  buyerId!: AccountId;
  buyerMemberId!: MemberId | null;
  @Field(() => Date) startsAt!: Date;
  @Field(() => Date) endsAt!: Date;
  @Field(() => BookingStatus) status!: StateOf<'booking'>;
  @Field(() => String, { description: "The buyer's, plain text: escape it to show it." })
  note!: string;
  @Field(() => BookingSide, { nullable: true, description: 'Who is said to have been absent.' })
  absent!: 'buyer' | 'consultant' | null;
  @Field(() => Date, {
    nullable: true,
    description: 'When it ends by itself, unless somebody says otherwise before.',
  })
  dueAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it ended: a sentence, in English.' })
  outcome!: string | null;
  @Field(() => Date, { nullable: true }) endedAt!: Date | null;
  @Field(() => BookingTerms, { description: 'As they were when it was booked.' })
  terms!: BookingTerms;
}

/** Bookings that match; `where` is SQL of ours, with its parameters from $1. */
export const selectBookings = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Booking[]> => {
  const rows = await db.query<object[]>(
    `SELECT id, order_id AS "orderId", product_id AS "productId", community_id AS "communityId",
       consultant_id AS "consultantId", consultant_account_id AS "consultantAccountId", buyer_id AS "buyerId",
       buyer_member_id AS "buyerMemberId", starts_at AS "startsAt", ends_at AS "endsAt", status, note, absent,
       due_at AS "dueAt", outcome, ended_at AS "endedAt", ${termsColumns('booking')}
     FROM booking WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) => Object.assign(new Booking(), row));
};

/** The booking, and nobody else changes it until the transaction ends. Lock its order first. */
export const lockBooking = async (db: EntityManager, id: string): Promise<Booking | null> =>
  (await selectBookings(db, 'id = $1 FOR UPDATE', [id]))[0] ?? null;

/** What the actor is to the booking; null for nobody who may know of it. */
export const sideOf = async (
  ctx: Pick<Ctx, 'db' | 'actor'>,
  booking: Booking,
): Promise<'buyer' | 'consultant' | 'manager' | null> => {
  const { accountId } = requireUser(ctx);
  if (booking.buyerId === accountId) return 'buyer';
  if (booking.consultantAccountId === accountId) return 'consultant';
  const membership = await membershipOf(ctx.db, { communityId: booking.communityId, accountId });
  return canManageCatalogue(membership) ? 'manager' : null;
};

export const visibleBooking = async (ctx: Ctx, id: string): Promise<Booking | null> => {
  if (ctx.actor.kind !== 'user' || !isId(id)) return null;
  const [booking] = await selectBookings(ctx.db, 'id = $1', [id]);
  return booking !== undefined && (await sideOf(ctx, booking)) !== null ? booking : null;
};

/** Newest first: ids are time-ordered. */
export const bookingsOf = async (
  ctx: Ctx,
  side: BookingSide,
  page: PageArgs,
): Promise<Connection<Booking>> => {
  const { accountId } = requireUser(ctx);
  const list = `bookings:${side}:${accountId}`;
  const { first, after } = parsePage(list, page);
  const column = side === BookingSide.BUYER ? 'buyer_id' : 'consultant_account_id';
  const rows = await selectBookings(
    ctx.db,
    `${column} = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [accountId, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: ({ id }) => [id] });
};
