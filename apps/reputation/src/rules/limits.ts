import { byOccurrence, compareText } from './activity';
import type { PointEntry } from './award';

/** The order of a member's entries: by time, then by event id, then (two rules, one event) by id. */
export const inOrder = <E extends Pick<PointEntry, 'id' | 'activityId' | 'occurredAt'>>(
  entries: readonly E[],
): E[] =>
  entries.toSorted(
    (a, b) =>
      byOccurrence(
        { occurredAt: a.occurredAt, eventId: a.activityId ?? '' },
        { occurredAt: b.occurredAt, eventId: b.activityId ?? '' },
      ) || compareText(a.id, b.id),
  );

/** A loss counts in full; a gain as far as there is room. */
export const clip = (points: number, room: number): number =>
  points <= 0 ? points : Math.max(0, Math.min(points, room));

type Award = Pick<
  PointEntry,
  'id' | 'activityId' | 'occurredAt' | 'nominal' | 'allowed' | 'points'
>;

/**
 * What a lifetime limit allows of a member's awards in force under it; `allowed` is set. The limit is the one
 * in force when an award was earned, and counts what all versions before it have given under its name.
 */
export const limitPerMember = <E extends Award>(
  awards: readonly E[],
  limitOf: (award: E) => number,
): E[] => {
  let gained = 0;
  return inOrder(awards).map((award) => {
    const allowed = clip(award.nominal, limitOf(award) - gained);
    gained += allowed;
    return { ...award, allowed, points: allowed };
  });
};
