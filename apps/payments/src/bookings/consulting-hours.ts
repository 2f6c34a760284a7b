import type { AccountId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { Member } from '../communities/community.type';
import { BookingTerms } from './booking-terms';

@InputType('ConsultingWindowInput')
@ObjectType({ description: 'A part of a day of every week.' })
export class ConsultingWindow {
  @Field(() => Int, { description: '1 is Monday, 7 is Sunday.' }) weekday!: number;
  @Field(() => String, { description: 'Time of day, as 09:00.' }) from!: string;
  @Field(() => String, { description: 'Time of day, as 17:30; 24:00 is the end of the day.' })
  until!: string;
}

@ObjectType({ description: 'The hours somebody offers, in the time zone where they are.' })
export class ConsultingHours {
  productId!: string;
  consultantId!: MemberId;
  consultantAccountId!: AccountId;
  @Field(() => String, { description: 'IANA name, as Asia/Shanghai.' }) timeZone!: string;
  @Field(() => Int, { description: 'How long an appointment is.' }) slotMinutes!: number;
  @Field(() => Int, { description: 'How many hours ahead one must book.' }) noticeHours!: number;
  @Field(() => [String], { description: 'Days without appointments, as 2026-12-24.' })
  daysOff!: readonly string[];
  @Field(() => [ConsultingWindow]) windows!: readonly ConsultingWindow[];
  @Field(() => BookingTerms) terms!: BookingTerms;
  @Field(() => Member) get consultant(): Member {
    return { id: this.consultantId };
  }
}

@ObjectType({ description: 'A time that can be booked.' })
export class ConsultingSlot {
  @Field(() => Date) startsAt!: Date;
  @Field(() => Date) endsAt!: Date;
  @Field(() => Boolean, { description: 'Whether nobody has it.' }) isFree!: boolean;
}

export const termsColumns = (of: string): string =>
  `json_build_object('freeHours', ${of}.free_hours, 'partHours', ${of}.part_hours,
     'partBasisPoints', ${of}.part_basis_points, 'absentBasisPoints', ${of}.absent_basis_points,
     'confirmDays', ${of}.confirm_days) AS terms`;

export const hoursOf = async (
  db: EntityManager,
  productId: string,
): Promise<ConsultingHours | null> => {
  const [row] = await db.query<object[]>(
    `SELECT hours.product_id AS "productId", consultant_id AS "consultantId",
       consultant_account_id AS "consultantAccountId", time_zone AS "timeZone", slot_minutes AS "slotMinutes",
       notice_hours AS "noticeHours", days_off::text[] AS "daysOff", ${termsColumns('hours')},
       (SELECT coalesce(json_agg(json_build_object('weekday', weekday,
          'from', to_char(make_interval(mins => from_minute), 'HH24:MI'),
          'until', to_char(make_interval(mins => until_minute), 'HH24:MI')) ORDER BY weekday, from_minute), '[]')
        FROM consulting_window AS part WHERE part.product_id = hours.product_id) AS windows
     FROM consulting_hours AS hours WHERE hours.product_id = $1`,
    [productId],
  );
  return row === undefined ? null : Object.assign(new ConsultingHours(), row);
};

/*
 * Local days and times become moments here and nowhere else. A time that a change of the clocks skips does not exist,
 * and is left out; one that comes twice is there once, the first time.
 */
const slotsSql = `/* bookings.slots */
  SELECT slot.starts_at AS "startsAt", slot.ends_at AS "endsAt", NOT EXISTS (
      SELECT FROM booking
      WHERE person_range(booking.consultant_account_id, booking.consultant_account_id, '[]')
          && person_range(hours.consultant_account_id, hours.consultant_account_id, '[]')
        AND tstzrange(booking.starts_at, booking.ends_at) && tstzrange(slot.starts_at, slot.ends_at)
        AND status NOT IN ('given-up', 'canceled')) AS "isFree"
  FROM consulting_hours AS hours
    CROSS JOIN LATERAL generate_series(
      date_trunc('day', $2::timestamptz AT TIME ZONE hours.time_zone),
      $3::timestamptz AT TIME ZONE hours.time_zone, interval '1 day') AS day
    JOIN consulting_window AS part ON part.product_id = hours.product_id AND part.weekday = extract(isodow FROM day)
    CROSS JOIN LATERAL generate_series(
      part.from_minute, part.until_minute - hours.slot_minutes, hours.slot_minutes) AS minute
    CROSS JOIN LATERAL (SELECT day + make_interval(mins => minute) AS at) AS local
    CROSS JOIN LATERAL (
      SELECT local.at AT TIME ZONE hours.time_zone AS starts_at,
        (local.at AT TIME ZONE hours.time_zone) + make_interval(mins => hours.slot_minutes) AS ends_at) AS slot
  WHERE hours.product_id = $1 AND slot.starts_at >= $2 AND slot.starts_at < $3
    AND slot.starts_at AT TIME ZONE hours.time_zone = local.at
    AND NOT day::date = ANY (hours.days_off)
  ORDER BY 1 LIMIT $4`;

const maxSlots = 1_000;

/** The times offered from one moment (inclusive) to another (exclusive), earliest first. */
export const slotsOf = (
  db: EntityManager,
  { productId, from, until }: { productId: string; from: Date; until: Date },
): Promise<ConsultingSlot[]> => db.query(slotsSql, [productId, from, until, maxSlots]);

const hourMs = 3_600_000;

/** Before which nothing can be booked any more. */
export const bookableFrom = ({ noticeHours }: ConsultingHours, now: Date): Date =>
  new Date(now.getTime() + noticeHours * hourMs);
