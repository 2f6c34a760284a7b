import { importedId, type CommunityId, type MemberId } from '@lyceum/contracts';
import type { Day } from './activity';
import { floorRule, type PointEntry } from './award';
import { inOrder } from './limits';

/**
 * A day of a member in two numbers, enough to know what a floor does to it: the sum of what was
 * earned, and the lowest running sum on the way (0 or less). Two stretches join to one in any grouping.
 */
export interface Stretch {
  readonly sum: number;
  readonly lowest: number;
}

/** Sums up a member's entries of a day. Starting points and what is taken back stay out of the walk. */
export const stretchOf = (entries: readonly PointEntry[]): Stretch => {
  let sum = 0;
  let lowest = 0;
  for (const entry of inOrder(entries.filter(isEarnedInForce))) {
    sum += entry.points;
    lowest = Math.min(lowest, sum);
  }
  return { sum, lowest };
};

const isEarnedInForce = (entry: PointEntry): boolean =>
  entry.kind === 'award' && entry.reversedAt === null;

export interface DayOfMember extends Stretch {
  readonly day: Day;
  /** The instant of the day's last entry: when the day's floor entry counts. */
  readonly lastAt: Date;
}

export interface FloorOfMember {
  readonly communityId: CommunityId;
  readonly memberId: MemberId;
  readonly ruleSetVersion: number;
  /** How far a total may fall below the starting points: start − floor. */
  readonly depth: number;
}

/**
 * The entries that keep a member's total from ever falling below the floor, a pure function of all the
 * member's days. A total that hits the floor forgets the rest of the loss. After each entry of the walk
 * the total is `start + sum − min(0, depth + lowest)`, so a day owes what its own lows add to that.
 */
export const floorEntries = (days: readonly DayOfMember[], member: FloorOfMember): PointEntry[] => {
  const entries: PointEntry[] = [];
  let sum = 0;
  let owed = 0;
  for (const day of days) {
    const owedNow = Math.max(owed, -(sum + day.lowest) - member.depth);
    if (owedNow > owed) entries.push(floorEntry(day, member, owedNow - owed));
    owed = owedNow;
    sum += day.sum;
  }
  return entries;
};

const floorEntry = (day: DayOfMember, member: FloorOfMember, points: number): PointEntry => ({
  id: importedId<'PointEntry'>(floorRule, member.communityId, member.memberId, day.day),
  memberId: member.memberId,
  kind: 'floor',
  rule: floorRule,
  ruleSetVersion: member.ruleSetVersion,
  activityId: null,
  subjectType: null,
  subjectId: null,
  occurredAt: day.lastAt,
  reversedAt: null,
  nominal: points,
  allowed: points,
  points,
});
