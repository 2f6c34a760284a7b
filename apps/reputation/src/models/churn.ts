import { mean } from './least-squares';

/** What is known of a member on a day, for a guess whether the next 30 days will see them. */
export interface ChurnExample {
  /** Each as a number of days or a logarithm of a count, in the order of `churnFeatures`. */
  readonly features: readonly number[];
  readonly hasChurned: boolean;
}

export const churnFeatures = [
  'ln(1 + days since the last active day)',
  'ln(1 + active days of the last 30)',
  'ln(1 + active days of the 60 before)',
  'ln(1 + days since the first active day)',
] as const;

export interface ChurnModel {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** Of the standardised features; the intercept comes first. */
  readonly weights: readonly number[];
}

const rounds = 400;
const rate = 0.5;
/** Keeps weights finite where a feature separates the two perfectly. */
const ridge = 1e-3;

/** Logistic regression by gradient descent from zero: the same examples give the same model. */
export const fitChurn = (examples: readonly ChurnExample[]): ChurnModel => {
  const width = examples[0]?.features.length ?? 0;
  const columns = Array.from({ length: width }, (_, i) => examples.map((e) => e.features[i] ?? 0));
  const means = columns.map(mean);
  const deviations = columns.map((column, i) => {
    const variance = mean(column.map((x) => (x - (means[i] ?? 0)) ** 2));
    return Math.sqrt(variance) || 1;
  });
  let model: ChurnModel = { means, deviations, weights: Array<number>(width + 1).fill(0) };
  for (let round = 0; round < rounds; round += 1)
    model = { ...model, weights: descend(model, examples) };
  return model;
};

const descend = (model: ChurnModel, examples: readonly ChurnExample[]): number[] => {
  const gradient = model.weights.map((weight, i) => (i === 0 ? 0 : ridge * weight));
  for (const { features, hasChurned } of examples) {
    const error = (churnScore(model, features) - Number(hasChurned)) / examples.length;
    for (const [i, x] of [1, ...standardised(model, features)].entries())
      gradient[i] = (gradient[i] ?? 0) + error * x;
  }
  return model.weights.map((weight, i) => weight - rate * (gradient[i] ?? 0));
};

const standardised = ({ means, deviations }: ChurnModel, features: readonly number[]): number[] =>
  features.map((x, i) => (x - (means[i] ?? 0)) / (deviations[i] ?? 1));

/** How likely the member is not seen again within the 30 days, 0 to 1. */
export const churnScore = (model: ChurnModel, features: readonly number[]): number => {
  const [intercept = 0, ...weights] = model.weights;
  const inputs = standardised(model, features);
  const sum = weights.reduce((total, weight, i) => total + weight * (inputs[i] ?? 0), intercept);
  return 1 / (1 + Math.exp(-sum));
};

/**
 * How often a member who churned has a higher score than one who stayed, ties counting half: 1 is perfect, 0.5 is
 * tossing a coin. Null when all did the same.
 */
export const areaUnderCurve = (
  scored: readonly { readonly score: number; readonly hasChurned: boolean }[],
): number | null => {
  const sorted = scored.toSorted((a, b) => a.score - b.score);
  let [rankSum, churned, i] = [0, 0, 0];
  while (i < sorted.length) {
    let end = i;
    while (sorted[end]?.score === sorted[i]?.score && end < sorted.length) end += 1;
    const rank = (i + 1 + end) / 2;
    for (const { hasChurned } of sorted.slice(i, end)) {
      if (!hasChurned) continue;
      rankSum += rank;
      churned += 1;
    }
    i = end;
  }
  const stayed = sorted.length - churned;
  if (churned === 0 || stayed === 0) return null;
  return (rankSum - (churned * (churned + 1)) / 2) / (churned * stayed);
};
