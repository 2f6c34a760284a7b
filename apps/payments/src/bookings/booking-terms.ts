import { Field, InputType, Int, ObjectType } from 'type-graphql';

/** What goes back when an appointment does not happen. A booking keeps the terms it was made under. */
@InputType('BookingTermsInput')
@ObjectType({ description: 'What a buyer gets back when the appointment does not happen.' })
export class BookingTerms {
  @Field(() => Int, {
    description: 'Canceled by the buyer so many hours before or earlier, all of it goes back.',
  })
  freeHours!: number;

  @Field(() => Int, {
    description: 'Later, but so many hours before, a part goes back; later still, nothing.',
  })
  partHours!: number;

  @Field(() => Int, { description: 'That part, in hundredths of a percent.' })
  partBasisPoints!: number;

  @Field(() => Int, {
    description: 'What goes back when the buyer was not there, in hundredths of a percent.',
  })
  absentBasisPoints!: number;

  @Field(() => Int, {
    description:
      'Days after which an appointment that nobody complained about took place: 1 to 30.',
  })
  confirmDays!: number;
}

export const defaultTerms: BookingTerms = {
  freeHours: 24,
  partHours: 4,
  partBasisPoints: 5_000,
  absentBasisPoints: 0,
  confirmDays: 3,
};

const whole = 10_000;
const maxHours = 24 * 60;
const isShare = (basisPoints: number): boolean => basisPoints >= 0 && basisPoints <= whole;

export const whyNotTerms = (terms: BookingTerms): string | null => {
  if (terms.partHours < 0 || terms.freeHours < terms.partHours || terms.freeHours > maxHours)
    return 'The hours of canceling are 0 to 1440, those for all of it no fewer than those for a part.';
  if (!isShare(terms.partBasisPoints) || !isShare(terms.absentBasisPoints))
    return 'A part is 0 to 10000 hundredths of a percent.';
  return terms.confirmDays >= 1 && terms.confirmDays <= 30
    ? null
    : 'An appointment is confirmed after 1 to 30 days.';
};

const hourMs = 3_600_000;

export type EndOfBooking =
  | { readonly why: 'canceled'; readonly by: 'buyer' | 'consultant'; readonly at: Date }
  | { readonly why: 'absent'; readonly who: 'buyer' | 'consultant' };

/** How much of what was paid goes back, in hundredths of a percent. */
export const shareBack = (terms: BookingTerms, startsAt: Date, end: EndOfBooking): number => {
  if (end.why === 'absent') return end.who === 'consultant' ? whole : terms.absentBasisPoints;
  if (end.by === 'consultant') return whole;
  const aheadMs = startsAt.getTime() - end.at.getTime();
  if (aheadMs >= terms.freeHours * hourMs) return whole;
  return aheadMs >= terms.partHours * hourMs ? terms.partBasisPoints : 0;
};
