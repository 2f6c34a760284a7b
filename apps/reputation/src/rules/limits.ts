import { byOccurrence, compareText } from './activity';
import type { PointEntry } from './award';

type Award = Pick<
  PointEntry,
  'id' | 'activityId' | 'occurredAt' | 'nominal' | 'allowed' | 'points'
>;

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

/** What a lifetime limit allows of a member's awards in force under it; `allowed` is set. */
export const limitPerMember = <E extends Award>(awards: readonly E[], limit: number): E[] =>
  clip(awards, limit, (award) => award.nominal).map(({ award, granted }) => ({
    ...award,
    allowed: granted,
    points: granted,
  }));

/**
 * What a daily limit leaves of a member's awards in force under it on one day; `points` is set. The limit
 * is on the net gain: what a member loses under it (a downvote) gives room back.
 */
export const limitPerDay = <E extends Award>(awards: readonly E[], limit: number): E[] =>
  clip(awards, limit, (award) => award.allowed).map(({ award, granted }) => ({
    ...award,
    points: granted,
  }));

const clip = <E extends Award>(
  awards: readonly E[],
  limit: number,
  wanted: (award: E) => number,
): { award: E; granted: number }[] => {
  let gained = 0;
  return inOrder(awards).map((award) => {
    const amount = wanted(award);
    const granted = amount <= 0 ? amount : Math.max(0, Math.min(amount, limit - gained));
    gained += granted;
    return { award, granted };
  });
};
