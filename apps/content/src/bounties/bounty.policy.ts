import type { AnswerId, MemberId } from '@lyceum/contracts';
import { isAuthor, type Acting, type Authored } from '../communities/rights';

export const minBounty = 50;
export const maxBounty = 500;
export const bountyStep = 50;
export const bountyDays = 7;

/** What nobody chose needs so many votes to win half. */
export const minAutomaticScore = 2;

export const isBountyAmount = (amount: number): boolean =>
  amount >= minBounty && amount <= maxBounty && amount % bountyStep === 0;

/** Points never fall below 1, so who offers everything would pay less than what is offered. */
export const canAfford = ({ points, amount }: { points: number; amount: number }): boolean =>
  points - amount >= 1;

/** Only who gave the points away says who gets them. */
export const mayAward = (
  member: Acting,
  bounty: { readonly offererId: MemberId | null },
): boolean => bounty.offererId === member.memberId;

/** Nobody gets their own points back. */
export const canReceive = (answer: Authored, offerer: Acting): boolean =>
  !isAuthor(offerer, answer);

export interface ExpiredBounty {
  readonly offererId: MemberId | null;
  readonly amount: number;
  readonly offeredAt: Date;
  readonly askerId: MemberId | null;
  readonly acceptedAnswerId: AnswerId | null;
}

export interface Candidate {
  readonly id: AnswerId;
  readonly authorId: MemberId | null;
  readonly score: number;
  readonly createdAt: Date;
}

export interface Award {
  readonly answer: Candidate;
  readonly amount: number;
}

/**
 * Who gets a bounty that nobody awarded. Answers count that came after the offer, from others than the offerer.
 * All of it goes to the accepted one, if who asked is who offered; else half to the best with a score of at least 2,
 * of equals the oldest. Or nobody gets it.
 */
export const automaticAward = (
  bounty: ExpiredBounty,
  answers: readonly Candidate[],
): Award | null => {
  const candidates = answers.filter(
    ({ authorId, createdAt }) =>
      authorId !== null && authorId !== bounty.offererId && createdAt > bounty.offeredAt,
  );
  const accepted = candidates.find(({ id }) => id === bounty.acceptedAnswerId);
  if (accepted !== undefined && bounty.askerId !== null && bounty.askerId === bounty.offererId)
    return { answer: accepted, amount: bounty.amount };
  const [best] = candidates
    .filter(({ score }) => score >= minAutomaticScore)
    .toSorted((a, b) => b.score - a.score || a.createdAt.getTime() - b.createdAt.getTime());
  return best === undefined ? null : { answer: best, amount: bounty.amount / 2 };
};
