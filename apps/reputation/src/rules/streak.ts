import type { Day } from './activity';

export interface Streak {
  /** Days in a row up to today, or up to yesterday while today is not over. */
  readonly current: number;
  readonly longest: number;
}

const dayMs = 86_400_000;

/** Days in a row among these, each told once, in any order. */
export const streakOf = (days: readonly Day[], today: Day): Streak => {
  const numbers = days.map((day) => Date.parse(day) / dayMs).sort((a, b) => a - b);
  let longest = 0;
  let run = 0;
  let before = NaN;
  for (const number of numbers) {
    run = number === before + 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
    before = number;
  }
  const isGoingOn = Date.parse(today) / dayMs - before <= 1;
  return { current: isGoingOn ? run : 0, longest };
};
