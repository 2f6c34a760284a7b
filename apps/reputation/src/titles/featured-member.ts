import { importedId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { compareText, type Day } from '../rules';

/** A member in a week, as far as it matters here. */
export interface Candidate {
  readonly memberId: MemberId;
  /** Points of the week. */
  readonly points: number;
  /** Notes of thanks of the week. */
  readonly thanks: number;
  readonly isNewcomer: boolean;
  /** Within the last weeks. */
  readonly wasFeatured: boolean;
}

export interface Featured {
  readonly memberId: MemberId;
  readonly reason: string;
  readonly isNewcomer: boolean;
}

/** Of a hundred weeks so many are for newcomers alone, as far as there are any. */
export const newcomersPercent = 30;

/**
 * Whom a community features for a week: who earned most points, of equals who was thanked most often; in the
 * newcomers' share of weeks, the newcomer who was thanked most often, of equals with most points. Nobody who was
 * featured lately, nor for nothing. The same week of the same community comes to the same.
 */
export const featuredMember = (
  of: { readonly communityId: CommunityId; readonly week: Day },
  candidates: readonly Candidate[],
): Featured | null => {
  const able = candidates.filter(
    ({ points, thanks, wasFeatured }) => !wasFeatured && (points > 0 || thanks > 0),
  );
  const newcomers = able.filter(({ isNewcomer }) => isNewcomer);
  const isForNewcomers = shareOf(of) < newcomersPercent && newcomers.length > 0;
  const [best] = isForNewcomers
    ? newcomers.toSorted(
        by(
          ({ thanks }) => thanks,
          ({ points }) => points,
        ),
      )
    : able.toSorted(
        by(
          ({ points }) => points,
          ({ thanks }) => thanks,
        ),
      );
  if (best === undefined) return null;
  const did = `${count(best.points, 'point')} and ${count(best.thanks, 'note')} of thanks in the week of ${of.week}`;
  return {
    memberId: best.memberId,
    isNewcomer: isForNewcomers,
    reason: isForNewcomers
      ? `A week for newcomers: ${did}, the most thanked of those who are new here`
      : `${did}, more than anybody else who was not featured lately`,
  };
};

/** 0 to 99, by the week and the community alone, as evenly as a hash is. */
const shareOf = ({ communityId, week }: { communityId: CommunityId; week: Day }): number =>
  Number.parseInt(importedId('featured', communityId, week).slice(0, 6), 16) % 100;

type Worth = (one: Candidate) => number;

const by =
  (first: Worth, second: Worth) =>
  (a: Candidate, b: Candidate): number =>
    first(b) - first(a) || second(b) - second(a) || compareText(a.memberId, b.memberId);

const count = (n: number, what: string): string => `${String(n)} ${what}${n === 1 ? '' : 's'}`;
