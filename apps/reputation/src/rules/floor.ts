import { importedId, type CommunityId, type MemberId } from '@lyceum/contracts';
import type { Day } from './activity';
import { floorRule, type PointEntry } from './award';
import { depthOn, ruleSetOn, type RuleBook } from './rule-set';

/** What the floor needs to know of a day: its sum, and the lowest sum on the way (0 or less). */
export interface DayOfMember {
  readonly sum: number;
  readonly lowest: number;
  readonly day: Day;
  /** The instant of the day's last entry: when the day's floor entry counts. */
  readonly lastAt: Date;
}

export interface FloorOfMember {
  readonly communityId: CommunityId;
  readonly memberId: MemberId;
  readonly book: RuleBook;
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
    const depth = depthOn(member.book, day.day);
    const owedNow = depth === null ? owed : Math.max(owed, -(sum + day.lowest) - depth);
    if (owedNow > owed) entries.push(floorEntry(day, member, owedNow - owed));
    owed = owedNow;
    sum += day.sum;
  }
  return entries;
};

const floorEntry = (day: DayOfMember, member: FloorOfMember, points: number): PointEntry => ({
  id: importedId<'PointEntry'>(floorRule, member.communityId, member.memberId, day.day),
  memberId: member.memberId,
  counterpartId: null,
  kind: 'floor',
  rule: floorRule,
  ruleSetVersion: ruleSetOn(member.book, day.day).version,
  activityId: null,
  subjectType: null,
  subjectId: null,
  occurredAt: day.lastAt,
  reversedAt: null,
  weight: 100,
  nominal: points,
  allowed: points,
  points,
});
