import { correlation, leastSquares, mean } from './least-squares';

/*
 * How much a community is worth, by its content and its activity: V = Q^α · A^β, where Q is the sum of the members'
 * quality q_i and A the sum of their activity a_i (seed S0).
 */

/** A community's content and activity, both sums over its members. */
export interface Standing {
  readonly quality: number;
  readonly activity: number;
}

export interface Exponents {
  readonly alpha: number;
  readonly beta: number;
}

export const communityValue = (
  { quality, activity }: Standing,
  { alpha, beta }: Exponents,
): number => quality ** alpha * activity ** beta;

export interface Measured extends Standing {
  /** What the community was worth then, by a survey or by its revenue. */
  readonly value: number;
}

export interface ValueFit extends Exponents {
  readonly kind: 'fitted';
  /** V = e^c · Q^α · A^β: measured values have a unit of their own. */
  readonly intercept: number;
  readonly alphaMargin: number;
  readonly betaMargin: number;
  readonly r2: number;
  /** Mean of |predicted − measured| ÷ measured, over the last fifth, which this error's own fit has not seen. */
  readonly holdOutError: number;
  readonly points: number;
}

export interface ValueRefusal {
  readonly kind: 'refused';
  readonly reason: 'too-few-points' | 'not-positive' | 'no-variation' | 'collinear';
}

/** With fewer, two exponents and an intercept fit almost anything. */
export const minPoints = 12;
const maxCorrelation = 0.99;

/**
 * Learns α and β from ln V = c + α ln Q + β ln A by least squares. Refuses what cannot tell the two apart: too few
 * points, values without a logarithm, Q or A that never change, and Q and A that change together.
 */
export const fitValue = (points: readonly Measured[]): ValueFit | ValueRefusal => {
  if (points.length < minPoints) return { kind: 'refused', reason: 'too-few-points' };
  if (points.some(({ quality, activity, value }) => !(quality > 0 && activity > 0 && value > 0)))
    return { kind: 'refused', reason: 'not-positive' };
  const [q, a] = [points.map((p) => Math.log(p.quality)), points.map((p) => Math.log(p.activity))];
  if (isFlat(q) || isFlat(a)) return { kind: 'refused', reason: 'no-variation' };
  if (Math.abs(correlation(q, a)) > maxCorrelation) return { kind: 'refused', reason: 'collinear' };
  const fit = fitLogs(points);
  const seen = points.slice(0, Math.floor(points.length * 0.8));
  const ofSeen = fitLogs(seen);
  if (fit === null || ofSeen === null) return { kind: 'refused', reason: 'collinear' };
  const [intercept = 0, alpha = 0, beta = 0] = fit.coefficients;
  const [, alphaMargin = Infinity, betaMargin = Infinity] = fit.margins;
  const holdOutError = mean(
    points
      .slice(seen.length)
      .map((p) => Math.abs(predict(p, ofSeen.coefficients) - p.value) / p.value),
  );
  return {
    kind: 'fitted',
    ...{ intercept, alpha, beta, alphaMargin, betaMargin, holdOutError },
    r2: fit.r2,
    points: points.length,
  };
};

const isFlat = (logs: readonly number[]): boolean => Math.max(...logs) - Math.min(...logs) < 1e-9;

const fitLogs = (points: readonly Measured[]) =>
  leastSquares(
    points.map(({ quality, activity }) => [Math.log(quality), Math.log(activity)]),
    points.map(({ value }) => Math.log(value)),
  );

const predict = (
  { quality, activity }: Standing,
  [c = 0, alpha = 0, beta = 0]: readonly number[],
): number => Math.exp(c) * communityValue({ quality, activity }, { alpha, beta });

/** Contents and members of a community, with its sums. */
export interface CommunityState extends Standing {
  readonly contents: number;
  readonly members: number;
}

/** What newcomers bring: C = C₀ + c, N = N₀ + n, Q = Q₀ + Σ q_i, A = A₀ + Σ a_i. */
export const withNewcomers = (
  state: CommunityState,
  newcomers: {
    readonly contents: number;
    readonly qualities: readonly number[];
    readonly activities: readonly number[];
  },
): CommunityState => {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    contents: state.contents + newcomers.contents,
    members: state.members + newcomers.qualities.length,
    quality: state.quality + sum(newcomers.qualities),
    activity: state.activity + sum(newcomers.activities),
  };
};

/** Growth per period of content (γ) and of activity (δ). */
export interface Growth {
  readonly gamma: number;
  readonly delta: number;
}

/**
 * Q₀(1+γ)^t + Σ q_i and A₀(1+δ)^t + Σ a_i. The exponent is the number of periods; the seed writes the number of new
 * users there, which makes 0.8 · 1.1^200 of what it prints as 1.4.
 */
export const afterGrowth = (
  start: Standing,
  { gamma, delta }: Growth,
  {
    periods,
    added = { quality: 0, activity: 0 },
  }: { readonly periods: number; readonly added?: Standing },
): Standing => ({
  quality: start.quality * (1 + gamma) ** periods + added.quality,
  activity: start.activity * (1 + delta) ** periods + added.activity,
});

export interface GrowthPlan extends Growth {
  readonly value: number;
  /** How much of the budget goes into content; the rest goes into activity. */
  readonly qualityShare: number;
}

export interface PlanInput {
  readonly start: Standing;
  readonly added?: Standing;
  readonly exponents: Exponents;
  readonly periods: number;
  readonly budget: number;
  /** What one point of growth per period (γ or δ of 1) costs. */
  readonly qualityCost: number;
  readonly activityCost: number;
}

const steps = 1_000;

/**
 * The growth of content and activity within a budget that makes the value highest: max V over γ, δ ≥ 0 with
 * γ·c_γ + δ·c_δ ≤ B. Without a budget, or where growth costs nothing, there is no highest value: null. More growth is
 * never worse, so the best lies on the line where the budget is spent; that is searched in steps, then refined.
 */
export const bestGrowth = (input: PlanInput): GrowthPlan | null => {
  const { budget, qualityCost, activityCost, exponents } = input;
  const isBounded = Number.isFinite(budget) && budget >= 0 && qualityCost > 0 && activityCost > 0;
  if (!isBounded || exponents.alpha < 0 || exponents.beta < 0) return null;
  const at = (qualityShare: number): GrowthPlan => {
    const gamma = (budget * qualityShare) / qualityCost;
    const delta = (budget * (1 - qualityShare)) / activityCost;
    const { periods, added } = input;
    const grown = afterGrowth(
      input.start,
      { gamma, delta },
      added ? { periods, added } : { periods },
    );
    return { gamma, delta, qualityShare, value: communityValue(grown, exponents) };
  };
  let best = at(0);
  for (let i = 1; i <= steps; i += 1) best = better(best, at(i / steps));
  return refined(best, at);
};

const better = (a: GrowthPlan, b: GrowthPlan): GrowthPlan => (b.value > a.value ? b : a);

/** Halves the step around the best until it is beyond what matters. */
const refined = (start: GrowthPlan, at: (share: number) => GrowthPlan): GrowthPlan => {
  let best = start;
  for (let step = 1 / steps; step > 1e-9; step /= 2)
    for (const share of [best.qualityShare - step, best.qualityShare + step])
      if (share >= 0 && share <= 1) best = better(best, at(share));
  return best;
};
