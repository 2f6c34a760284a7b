import type { Point } from '../metrics/ask';
import { judge, type AlertCondition, type AlertState } from './condition';

const points = (...values: (number | null)[]): Point[] =>
  values.map((value, i) => ({ date: `2026-01-${String(i + 1).padStart(2, '0')}`, value }));

/** The states that a series leads through, one whole interval after the other. */
const states = (condition: AlertCondition, values: (number | null)[]): AlertState[] => {
  const seen: AlertState[] = [];
  for (let i = 1; i <= values.length; i += 1)
    seen.push(judge(condition, points(...values.slice(0, i)), seen.at(-1) ?? 'quiet').state);
  return seen;
};

const [q, f] = ['quiet' as const, 'firing' as const];

it('does not flutter around a threshold', () => {
  const above = {
    kind: 'threshold',
    direction: 'above',
    value: 10,
    resolveValue: 8,
    intervals: 1,
  } as const;
  expect(states(above, [9, 11, 10, 9, 8, 9, 10, 10.5])).toEqual([q, f, f, f, q, q, q, f]);
  const below = {
    kind: 'threshold',
    direction: 'below',
    value: 10,
    resolveValue: 12,
    intervals: 1,
  } as const;
  expect(states(below, [10, 9, 10, 11, 12, 11])).toEqual([q, f, f, f, q, q]);
});

it('asks for several intervals in a row to begin, and for one to end', () => {
  const above = {
    kind: 'threshold',
    direction: 'above',
    value: 10,
    resolveValue: 10,
    intervals: 3,
  } as const;
  expect(states(above, [11, 11, 9, 11, 11, 11, 9])).toEqual([q, q, q, q, q, f, q]);
});

it('sees a change between two intervals', () => {
  const fall = { kind: 'change', direction: 'fall', share: 0.5, resolveShare: 0.1 } as const;
  expect(states(fall, [100, 60, 30, 25, 25, 0, 5])).toEqual([q, q, f, f, q, f, f]);
  const rise = { kind: 'change', direction: 'rise', share: 1, resolveShare: 0 } as const;
  expect(states(rise, [1, 2, 3, 3])).toEqual([q, f, f, q]);
});

it('sees that nothing comes', () => {
  const missing = { kind: 'missing', intervals: 2 } as const;
  expect(states(missing, [1, 0, null, 0, 2])).toEqual([q, q, f, f, q]);
});

it('stays what it was where a value is not defined', () => {
  const above = {
    kind: 'threshold',
    direction: 'above',
    value: 10,
    resolveValue: 8,
    intervals: 1,
  } as const;
  expect(states(above, [null, 11, null, 7])).toEqual([q, f, f, q]);
});

it('tells the numbers', () => {
  const fall = { kind: 'change', direction: 'fall', share: 0.5, resolveShare: 0.1 } as const;
  expect(judge(fall, points(40, 10), 'quiet').reason).toBe('From 40 to 10: a fall of 75 %.');
});
