import { requireUser, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { ProductIsArchived, ProductNotFound } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { ProductKind } from '../catalogue/product-kind';
import type { Product } from '../catalogue/product.entity';
import { lockProduct } from '../catalogue/product.queries';
import { Membership } from '../communities/membership.entity';
import { membershipOf } from '../communities/membership.queries';
import { BookingTerms, defaultTerms, whyNotTerms } from './booking-terms';
import { InvalidHours } from './booking.errors';
import { ConsultingHours, ConsultingWindow, hoursOf } from './consulting-hours';

@InputType()
export class SetConsultingHoursInput {
  @Field(() => ID, { description: 'A product of the kind `CONSULTING`.' }) productId!: string;
  @Field(() => String, { description: 'IANA name, as Asia/Shanghai.' }) timeZone!: string;
  @Field(() => Int, { description: '10 to 480.' }) slotMinutes!: number;
  @Field(() => Int, { defaultValue: 12, description: '0 to 720.' }) noticeHours!: number;
  @Field(() => [ConsultingWindow], { description: 'At most 50; none that overlap.' })
  windows!: ConsultingWindow[];
  @Field(() => [String], { defaultValue: [], description: 'At most 366 days, as 2026-12-24.' })
  daysOff!: string[];
  @Field(() => BookingTerms, {
    nullable: true,
    description: 'By default all goes back until 24 hours before, half until 4, and then nothing.',
  })
  terms?: BookingTerms | null;
}

export const SetConsultingHoursResult = createUnionType({
  name: 'SetConsultingHoursResult',
  types: () => [ConsultingHours, ProductNotFound, ProductIsArchived, InvalidHours] as const,
});

/**
 * Offers hours, all of them anew: by who earns with the product, or for them by who manages the catalogue. What is
 * booked stays as it is.
 */
export const setConsultingHours = useCase(
  async (tx, input: SetConsultingHoursInput): Promise<typeof SetConsultingHoursResult> => {
    const { accountId } = requireUser(tx);
    const product = await lockProduct(tx.db, input.productId);
    if (product?.kind !== ProductKind.CONSULTING) return new ProductNotFound();
    const consultant = await tx.db.findOneBy(Membership, {
      memberId: product.earnerId ?? product.createdById,
    });
    const membership = await membershipOf(tx.db, { communityId: product.communityId, accountId });
    if (consultant?.accountId !== accountId && !canManageCatalogue(membership))
      return new ProductNotFound();
    if (consultant?.status !== 'active')
      return new InvalidHours('Who is to be booked is no active member of the community.');
    if (product.isArchived) return new ProductIsArchived();
    const problem = whyNotHours(input) ?? (await whyNotTimeZone(tx, input.timeZone));
    if (problem !== null) return new InvalidHours(problem);
    await write(tx, { product, consultant, input });
    return (await hoursOf(tx.db, product.id)) ?? new ProductNotFound();
  },
);

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  (new Date(`${text}T00:00:00Z`).toJSON() as string | null)?.startsWith(text) === true;

/** Minutes since midnight, or NaN. */
const minuteOf = (text: string): number => {
  const [, hours = '', minutes = ''] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  return hours === '' || minute > 1440 ? NaN : minute;
};

const whyNotHours = (input: SetConsultingHoursInput): string | null => {
  const { slotMinutes, noticeHours, windows, daysOff, terms } = input;
  if (slotMinutes < 10 || slotMinutes > 480) return 'An appointment is 10 to 480 minutes long.';
  if (noticeHours < 0 || noticeHours > 720) return 'One must book 0 to 720 hours ahead.';
  if (daysOff.length > 366 || !daysOff.every(isDay)) return 'Days off are days, at most 366.';
  if (windows.length > 50) return 'There are at most 50 windows.';
  const parts = windows.map(({ weekday, from, until }) => ({
    weekday,
    from: minuteOf(from),
    until: minuteOf(until),
  }));
  if (!parts.every(({ weekday, from, until }) => weekday >= 1 && weekday <= 7 && from < until))
    return 'A window is a part of one day: a weekday from 1 to 7, and times as 09:00.';
  const overlap = parts.some((part, index) =>
    parts.some(
      (other, at) =>
        at < index &&
        other.weekday === part.weekday &&
        other.from < part.until &&
        part.from < other.until,
    ),
  );
  return overlap ? 'Windows do not overlap.' : whyNotTerms(terms ?? defaultTerms);
};

/** The database turns local times into moments, so it must know the zone; offsets change, and are none. */
const whyNotTimeZone = async (tx: Tx, timeZone: string): Promise<string | null> => {
  const known = await tx.db.query<unknown[]>('SELECT FROM pg_timezone_names WHERE name = $1', [
    timeZone,
  ]);
  return known.length > 0 ? null : 'There is no such time zone.';
};

const write = async (
  tx: Tx,
  of: { product: Product; consultant: Membership; input: SetConsultingHoursInput },
): Promise<void> => {
  const { product, consultant, input } = of;
  const terms = input.terms ?? defaultTerms;
  await tx.db.query('DELETE FROM consulting_hours WHERE product_id = $1', [product.id]);
  await tx.db.query(
    `INSERT INTO consulting_hours (product_id, consultant_id, consultant_account_id, time_zone, slot_minutes,
       notice_hours, days_off, free_hours, part_hours, part_basis_points, absent_basis_points, confirm_days)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      product.id,
      consultant.memberId,
      consultant.accountId,
      input.timeZone,
      input.slotMinutes,
      input.noticeHours,
      input.daysOff,
      terms.freeHours,
      terms.partHours,
      terms.partBasisPoints,
      terms.absentBasisPoints,
      terms.confirmDays,
    ],
  );
  await tx.db.query(
    `INSERT INTO consulting_window (product_id, weekday, from_minute, until_minute)
     SELECT $1, weekday, "from", until FROM json_to_recordset($2::json)
       AS part (weekday int, "from" int, until int)`,
    [
      product.id,
      JSON.stringify(
        input.windows.map(({ weekday, from, until }) => ({
          weekday,
          from: minuteOf(from),
          until: minuteOf(until),
        })),
      ),
    ],
  );
};
