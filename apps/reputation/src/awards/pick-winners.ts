import type { MemberId } from '@lyceum/contracts';
import { compareText } from '../rules';
import type { AwardedFor } from './award.types';

export interface Figure {
  readonly memberId: MemberId;
  readonly figure: number;
  readonly isStaff: boolean;
}

export interface Picked {
  readonly memberId: MemberId;
  readonly place: number;
  readonly figure: number;
  readonly reason: string;
}

const what: Readonly<Record<`${AwardedFor}`, string>> = {
  points: 'points earned',
  thanks: 'notes of thanks received',
  answers: 'answers written',
  accepted: 'answers accepted',
  upvotes: 'upvotes received',
  choice: 'chosen',
};

/**
 * The first so many by what is counted, nobody for nothing; of equals who has been a member longer (ids are in the order
 * of time). The same figures give the same winners, whatever order they are told in.
 */
export const pickWinners = (
  figures: readonly Figure[],
  terms: {
    readonly givenFor: `${AwardedFor}`;
    readonly excludesStaff: boolean;
    readonly places: number;
    readonly month: string;
  },
): readonly Picked[] => {
  const { givenFor, excludesStaff, places, month } = terms;
  const able = figures.filter(({ figure, isStaff }) => figure > 0 && !(excludesStaff && isStaff));
  return able
    .toSorted((a, b) => b.figure - a.figure || compareText(a.memberId, b.memberId))
    .slice(0, places)
    .map(({ memberId, figure }, index) => ({
      memberId,
      place: index + 1,
      figure,
      reason: `Place ${String(index + 1)} of ${String(able.length)} by ${what[givenFor]} in ${month.slice(0, 7)}: ${String(figure)}`,
    }));
};
