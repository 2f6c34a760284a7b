import type { ActivityKind } from './activity-kinds';
import type { CommunityId, EventId, MemberId } from '@lyceum/contracts';

export { activityKinds, type ActivityKind } from './activity-kinds';

/** One event that can matter for incentives or metrics, as the activity log keeps it. */
export interface Activity {
  readonly eventId: EventId;
  readonly communityId: CommunityId;
  readonly kind: ActivityKind;
  /** Names the thing the event is about, e.g. `vote:<voteId>`; the highest version of it is in force. */
  readonly key: string;
  readonly version: number;
  /** Who did it; null when the source does not tell. */
  readonly actorId: MemberId | null;
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  readonly subjectAuthorId: MemberId | null;
  /** A vote's +1, 0 or −1; a bounty's points; 1 or 0 for what can be set and taken back; else 1. */
  readonly value: number;
  /** False on posts that the community owns: activity, but no points. */
  readonly earnsPoints: boolean;
  /** Percent of its worth that it counts: what a partial refund leaves of a purchase. Absent: all. */
  readonly weight?: number;
  /** How old the actor's account was when it happened; null or absent where nobody told. */
  readonly actorAgeDays?: number | null;
  /** Whether the actor's address was verified when it happened; null or absent where nobody told. */
  readonly actorIsVerified?: boolean | null;
  readonly occurredAt: Date;
}

export type Day = string;

/** The UTC day of an instant, `YYYY-MM-DD`: points are capped by these days. */
export const utcDay = (instant: Date): Day => {
  const number = Math.floor(instant.getTime() / dayMs);
  const known = names.get(number);
  if (known !== undefined) return known;
  const day = instant.toISOString().slice(0, 10);
  if (names.size >= mostNames) names.clear();
  names.set(number, day);
  return day;
};

/** Each activity is asked for its day several times, and most are of few days. */
const names = new Map<number, Day>();
const mostNames = 20_000;
const dayMs = 86_400_000;

interface Ordered {
  readonly occurredAt: Date;
  readonly eventId: string;
}

/** The one order in which limits are applied: by time, then by event id; never by arrival. */
export const byOccurrence = (a: Ordered, b: Ordered): number =>
  a.occurredAt.getTime() - b.occurredAt.getTime() || compareText(a.eventId, b.eventId);

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
