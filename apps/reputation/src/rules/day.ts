import { utcDay, type Day } from './activity';
import type { PointEntry } from './award';
import { clip, inOrder } from './limits';
import { ruleSetOn, type RuleBook } from './rule-set';

/**
 * What a member's day comes to: the fold of its awards in force, in order. Awards that all come after
 * those that are in it can be folded on; for anything else the day is folded again from nothing.
 */
export interface DayFold {
  /** The sum of what counts. */
  readonly earned: number;
  /** The lowest sum on the way, 0 or less: what a floor needs to know. */
  readonly lowest: number;
  /** Net gain under each daily limit, by the limit's name. */
  readonly gained: Readonly<Record<string, number>>;
}

export const emptyDay: DayFold = { earned: 0, lowest: 0, gained: {} };

type Award = Pick<PointEntry, 'id' | 'activityId' | 'occurredAt' | 'rule' | 'allowed' | 'points'>;

/** Takes part in a day's fold: neither taken back, nor given at the start or by the floor. */
export const isInForce = (entry: Pick<PointEntry, 'kind' | 'reversedAt'>): boolean =>
  entry.kind === 'award' && entry.reversedAt === null;

/**
 * Folds awards of one day onto what came before; their `points` are set. A daily limit is on the net
 * gain: what a member loses under it (a downvote) gives room back.
 */
export const foldDay = <E extends Award>(
  book: RuleBook,
  before: DayFold & { readonly day: Day },
  awards: readonly E[],
): { readonly fold: DayFold; readonly awards: readonly E[] } => {
  const rules = ruleSetOn(book, before.day).ruleNamed;
  const gained: Record<string, number> = { ...before.gained };
  let { earned, lowest } = before;
  const folded = inOrder(awards).map((award) => {
    const limit = rules.get(award.rule)?.perDay;
    const points = limit
      ? clip(award.allowed, limit.points - (gained[limit.name] ?? 0))
      : award.allowed;
    if (limit) gained[limit.name] = (gained[limit.name] ?? 0) + points;
    earned += points;
    lowest = Math.min(lowest, earned);
    return { ...award, points };
  });
  return { fold: { earned, lowest, gained }, awards: folded };
};

export const dayOf = ({ occurredAt }: Pick<PointEntry, 'occurredAt'>): Day => utcDay(occurredAt);
