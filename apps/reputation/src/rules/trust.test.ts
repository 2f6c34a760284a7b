import { trustAfter, trustFacts, trustLevels, type TrustFacts } from './trust';

const now = new Date('2026-03-01T00:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const facts = (told: Partial<TrustFacts> = {}): TrustFacts => ({
  ...(Object.fromEntries(trustFacts.map((fact) => [fact, 0])) as Record<keyof TrustFacts, number>),
  ...told,
});
/** Exactly what a level and those below ask for. */
const enoughFor = (level: number): TrustFacts =>
  trustLevels
    .filter((one) => one.level <= level)
    .reduce((all, { bars }) => ({ ...all, ...bars }), facts());
const after = (level: number, days: number, known: TrustFacts) =>
  trustAfter({ level, since: daysAgo(days) }, known, { now }).level;

it.each([0, 1, 2, 3])('reaches level %i by exactly what it asks for, and not by less', (level) => {
  expect(after(0, 0, enoughFor(level))).toBe(level);
  for (const fact of Object.keys(trustLevels[level - 1]?.bars ?? {}) as (keyof TrustFacts)[]) {
    const known = enoughFor(level);
    expect(after(0, 0, { ...known, [fact]: known[fact] - 1 })).toBeLessThan(level);
  }
});

it.each([
  ['18 of 20 likes keep the level', 18, 30, 3],
  ['17 lose it', 17, 30, 2],
  ['but not within two weeks', 17, 13, 3],
  ['two weeks are enough', 17, 14, 2],
])('%s', (_, recentLikesReceived, days, expected) => {
  expect(after(3, days, { ...enoughFor(3), recentLikesReceived })).toBe(expected);
});

it('falls one level at a time, and rises at once', () => {
  expect(after(3, 100, facts())).toBe(2);
  expect(after(1, 1, enoughFor(3))).toBe(3);
});

it('asks for likes of five members on seven days', () => {
  expect(after(2, 0, { ...enoughFor(3), recentLikers: 4 })).toBe(2);
  expect(after(2, 0, { ...enoughFor(3), recentLikedDays: 6 })).toBe(2);
});
