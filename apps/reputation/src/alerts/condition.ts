import type { Point } from '../metrics/ask';

export type AlertState = 'quiet' | 'firing';

/** When an alert begins, and when it is over. The second bar keeps it from fluttering around the first. */
export type AlertCondition =
  | {
      readonly kind: 'threshold';
      readonly direction: 'above' | 'below';
      readonly value: number;
      /** It is over at this value or beyond it; between the two bars nothing changes. */
      readonly resolveValue: number;
      /** So many intervals in a row. */
      readonly intervals: number;
    }
  | {
      readonly kind: 'change';
      readonly direction: 'rise' | 'fall';
      /** Of the interval before, as a share: 0.3 is thirty percent. */
      readonly share: number;
      readonly resolveShare: number;
    }
  | {
      readonly kind: 'missing';
      /** So many intervals in a row without a value, or with zero. */
      readonly intervals: number;
    };

export interface Verdict {
  readonly state: AlertState;
  readonly value: number | null;
  /** With the numbers, for a person. */
  readonly reason: string;
}

/** How many whole intervals, up to the last one, a condition looks at. */
export const intervalsNeeded = (condition: AlertCondition): number =>
  condition.kind === 'change' ? 2 : condition.intervals;

/**
 * What the last whole intervals say, given what the alert was. Where they say nothing (a value is not defined, or
 * lies between the two bars) it stays what it was: an alert fires once, and is over once.
 */
export const judge = (
  condition: AlertCondition,
  points: readonly Point[],
  before: AlertState,
): Verdict => {
  const recent = points.slice(-intervalsNeeded(condition));
  const value = recent.at(-1)?.value ?? null;
  if (recent.length < intervalsNeeded(condition))
    return { state: before, value, reason: 'There are too few whole intervals yet.' };
  switch (condition.kind) {
    case 'threshold':
      return judgeThreshold(condition, recent, before);
    case 'change':
      return judgeChange(condition, recent, before);
    case 'missing': {
      const isMissing = recent.every((point) => point.value === null || point.value === 0);
      const count = `${String(condition.intervals)} interval${condition.intervals === 1 ? '' : 's'}`;
      return isMissing
        ? { state: 'firing', value, reason: `Nothing for ${count}.` }
        : { state: 'quiet', value, reason: 'There is data.' };
    }
  }
};

const judgeThreshold = (
  { direction, value: bar, resolveValue }: Extract<AlertCondition, { kind: 'threshold' }>,
  recent: readonly Point[],
  before: AlertState,
): Verdict => {
  const value = recent.at(-1)?.value ?? null;
  if (value === null) return { state: before, value, reason: 'The value is not defined.' };
  const sign = direction === 'above' ? 1 : -1;
  const isBeyond = recent.every((point) => point.value !== null && sign * (point.value - bar) > 0);
  if (isBeyond)
    return { state: 'firing', value, reason: `${text(value)} is ${direction} ${text(bar)}.` };
  if (before === 'firing' && sign * (value - resolveValue) > 0)
    return {
      state: 'firing',
      value,
      reason: `${text(value)} is not back at ${text(resolveValue)}.`,
    };
  return { state: 'quiet', value, reason: `${text(value)} is not ${direction} ${text(bar)}.` };
};

const judgeChange = (
  { direction, share, resolveShare }: Extract<AlertCondition, { kind: 'change' }>,
  [first, second]: readonly Point[],
  before: AlertState,
): Verdict => {
  const [from, value] = [first?.value ?? null, second?.value ?? null];
  if (from === null || value === null || from === 0)
    return { state: before, value, reason: 'There is nothing to compare with.' };
  const change = ((value - from) / Math.abs(from)) * (direction === 'rise' ? 1 : -1);
  const told = `From ${text(from)} to ${text(value)}: a ${direction} of ${text(change * 100)} %`;
  if (change >= share) return { state: 'firing', value, reason: `${told}.` };
  if (before === 'firing' && change > resolveShare)
    return {
      state: 'firing',
      value,
      reason: `${told}, still above ${text(resolveShare * 100)} %.`,
    };
  return { state: 'quiet', value, reason: `${told}.` };
};

const text = (value: number): string => String(Math.round(value * 1_000) / 1_000);
