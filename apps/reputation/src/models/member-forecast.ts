import { mean, studentQuantile } from './least-squares';

/** N_{t+1} = N_t + G (seed S1): 100 and 20 are 120. */
export const grown = (members: number, gain: number): number => members + gain;

/** N_{t+1} = N_t (1 − L): 100 at 0.05 are 95. L is a rate; the seed gives it as a number of members, too. */
export const retained = (members: number, lossRate: number): number => members * (1 - lossRate);

/** The rate that a number of lost members is; the two agree in the seed only because its N is 100. */
export const lossRateOf = (lost: number, members: number): number | null =>
  members > 0 ? lost / members : null;

/** Both at once, N_{t+1} = N_t (1 − L) + G, for so many steps; the first is N₁. */
export const forecast = (start: {
  readonly members: number;
  readonly gain: number;
  readonly lossRate: number;
  readonly steps: number;
}): number[] => {
  const path: number[] = [];
  let { members } = start;
  for (let i = 0; i < start.steps; i += 1) {
    members = grown(retained(members, start.lossRate), start.gain);
    path.push(members);
  }
  return path;
};

/** Where the path leads: G ÷ L; null when nobody is ever lost, because then there is no limit. */
export const limitOf = (gain: number, lossRate: number): number | null =>
  lossRate > 0 ? gain / lossRate : null;

export interface Estimate {
  readonly value: number;
  /** 95 % confidence interval of the mean. */
  readonly low: number;
  readonly high: number;
}

/** The mean of what was seen, and how sure it is; null for fewer than three. */
export const estimate = (values: readonly number[]): Estimate | null => {
  if (values.length < 3) return null;
  const value = mean(values);
  const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (values.length - 1);
  const margin = studentQuantile(values.length - 1) * Math.sqrt(variance / values.length);
  return { value, low: Math.max(0, value - margin), high: value + margin };
};
