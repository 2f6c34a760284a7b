import { importedId, type EventId, type Id, type MemberId } from '@lyceum/contracts';
import { utcDay, type Activity } from './activity';
import { votersWeight } from './new-accounts';
import { ruleSetOn, type Rule, type RuleBook, type RuleSet } from './rule-set';

export type PointEntryId = Id<'PointEntry'>;

/**
 * - `award`: what a rule gives or takes for an activity.
 * - `reversal`: takes an award back, because a newer version of the thing replaced it.
 * - `start`: what a member begins with.
 * - `floor`: what keeps a total from falling below the floor, at most one a day.
 */
export type PointEntryKind = 'award' | 'reversal' | 'start' | 'floor';

export interface PointEntry {
  readonly id: PointEntryId;
  readonly memberId: MemberId;
  /** Whose act or whose post the points came from, when it was another member's and is known. */
  readonly counterpartId: MemberId | null;
  readonly kind: PointEntryKind;
  readonly rule: string;
  readonly ruleSetVersion: number;
  readonly activityId: EventId | null;
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  /** When the points count. A reversal counts when its award did, so that both leave no trace in any window. */
  readonly occurredAt: Date;
  /** When a newer version took the award back; null while it is in force. */
  readonly reversedAt: Date | null;
  /** Percent of what the rule says that the activity counts. */
  readonly weight: number;
  /** What the rule says, weighed. */
  readonly nominal: number;
  /** What a lifetime limit leaves of it. */
  readonly allowed: number;
  /** What counts, after the daily limit. */
  readonly points: number;
}

export const startRule = 'starting-points';
export const floorRule = 'floor';

/**
 * The entries that one thing gives rise to, from all known versions of it, before limits: for each
 * version what the rules of its day award and, when a later version exists, the same taken back.
 * What was taken back never counts towards a limit, so a withdrawn vote leaves no trace in any sum.
 */
export const entriesOfThing = (book: RuleBook, versions: readonly Activity[]): PointEntry[] => {
  const inOrder = versions.toSorted((a, b) => a.version - b.version);
  return inOrder.flatMap((activity, i) =>
    entriesOfActivity(book, activity, inOrder[i + 1]?.occurredAt ?? null),
  );
};

const entriesOfActivity = (
  book: RuleBook,
  activity: Activity,
  reversedAt: Date | null,
): PointEntry[] => {
  const set = ruleSetOn(book, utcDay(activity.occurredAt));
  if (activity.kind === 'member-joined') return startOf(activity, set.version, set.startingPoints);
  if (!activity.earnsPoints) return [];
  return set
    .rulesOn(activity.kind, activity.subjectType)
    .flatMap((rule) =>
      rule.applies(activity) ? awardOf(activity, { rule, set, reversedAt }) : [],
    );
};

const startOf = (activity: Activity, version: number, points: number): PointEntry[] => {
  if (activity.actorId === null || points === 0) return [];
  return [
    {
      ...about(activity, { rule: startRule, memberId: activity.actorId, version, kind: 'start' }),
      reversedAt: null,
      weight: 100,
      nominal: points,
      allowed: points,
      points,
    },
  ];
};

const awardOf = (
  activity: Activity,
  { rule, set, reversedAt }: { rule: Rule; set: RuleSet; reversedAt: Date | null },
): PointEntry[] => {
  const memberId = rule.to === 'actor' ? activity.actorId : activity.subjectAuthorId;
  const full = rule.points(activity);
  if (memberId === null || full === 0) return [];
  const weight = weightFor(memberId, activity, set);
  const points = weight === 100 ? full : Math.trunc((full * weight) / 100) + 0; // not -0
  const circumstances = { rule: rule.name, memberId, version: set.version };
  const award: PointEntry = {
    ...about(activity, { ...circumstances, kind: 'award' }),
    reversedAt,
    weight,
    nominal: points,
    allowed: points,
    points,
  };
  if (reversedAt === null) return [award];
  return [
    award,
    {
      ...award,
      ...about(activity, { ...circumstances, kind: 'reversal' }),
      nominal: 0 - points,
      allowed: 0 - points,
      points: 0 - points,
    },
  ];
};

/** What somebody did to others counts for these as it is weighed, and for the actor in full. */
const weightFor = (memberId: MemberId, activity: Activity, set: RuleSet): number => {
  const { weight = 100 } = activity;
  return memberId === activity.actorId
    ? weight
    : Math.trunc((weight * votersWeight(set.newAccounts, activity)) / 100);
};

const about = (
  activity: Activity,
  entry: { rule: string; memberId: MemberId; version: number; kind: PointEntryKind },
) => ({
  id: importedId<'PointEntry'>(activity.eventId, entry.rule, entry.memberId, entry.kind),
  memberId: entry.memberId,
  counterpartId: counterpartOf(activity, entry.memberId),
  kind: entry.kind,
  rule: entry.rule,
  ruleSetVersion: entry.version,
  activityId: activity.eventId,
  subjectType: activity.subjectType,
  subjectId: activity.subjectId,
  occurredAt: activity.occurredAt,
});

const counterpartOf = (
  { actorId, subjectAuthorId }: Activity,
  memberId: MemberId,
): MemberId | null => {
  const other = memberId === actorId ? subjectAuthorId : actorId;
  return other === memberId ? null : other;
};
