import { utcDay, type Day } from './activity';
import type { PointEntry } from './award';
import { clip, inOrder } from './limits';
import { ruleSetOn, type DailyLimit, type Rule, type RuleBook } from './rule-set';

/**
 * What a member's day comes to: the fold of its awards in force, in order. Awards that all come after
 * those that are in it can be folded on; for anything else the day is folded again from nothing.
 */
export interface DayFold {
  /** The sum of what counts. */
  readonly earned: number;
  /** The lowest sum on the way, 0 or less: what a floor needs to know. */
  readonly lowest: number;
  /** Net gain under each daily limit, and awards of each rule whose worth diminishes, by `keysOf`. */
  readonly gained: Readonly<Record<string, number>>;
}

export const emptyDay: DayFold = { earned: 0, lowest: 0, gained: {} };

type Award = Pick<
  PointEntry,
  'id' | 'activityId' | 'occurredAt' | 'rule' | 'allowed' | 'points' | 'counterpartId' | 'subjectId'
>;

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
    const points = worth(rules.get(award.rule), award, gained);
    earned += points;
    lowest = Math.min(lowest, earned);
    return { ...award, points };
  });
  return { fold: { earned, lowest, gained }, awards: folded };
};

/** What an award counts, and notes it in what the day has gained. */
const worth = (rule: Rule | undefined, award: Award, gained: Record<string, number>): number => {
  if (rule === undefined) return award.allowed;
  const counted = rule.daily.flatMap((limit) => {
    const key = keyOf(limit, award);
    return key === null ? [] : [{ key, limit }];
  });
  const room = Math.min(...counted.map(({ key, limit }) => limit.points - (gained[key] ?? 0)));
  const points = clip(diminished(rule, award.allowed, gained), room);
  for (const { key } of counted) gained[key] = (gained[key] ?? 0) + points;
  return points;
};

/** Points that came from nobody known, or for no post, are under no limit of that kind. */
const keyOf = ({ name, per }: DailyLimit, award: Award): string | null => {
  switch (per) {
    case 'day':
      return name;
    case 'pair':
      return award.counterpartId && `${name} ${award.counterpartId}`;
    case 'source':
      return award.subjectId && `${name} ${award.subjectId}`;
  }
};

const diminished = (rule: Rule, allowed: number, gained: Record<string, number>): number => {
  const last = rule.diminishing.at(-1);
  if (last === undefined) return allowed;
  const key = `# ${rule.name}`;
  const n = gained[key] ?? 0;
  gained[key] = n + 1;
  return Math.trunc((allowed * (rule.diminishing[n] ?? last)) / 100);
};

export const dayOf = ({ occurredAt }: Pick<PointEntry, 'occurredAt'>): Day => utcDay(occurredAt);
