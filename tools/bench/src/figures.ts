/** One line of the report. */
export interface Figure {
  /** `pipeline.batched ÷ one job an event`. */
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** What ours is compared with in the same run; null where the target is absolute. */
  readonly peer: number | null;
  /** `ours ÷ peer`, the median over rounds. */
  readonly ratio: number | null;
  readonly target: string;
  readonly isMet: boolean;
  /** A target to grow into: missing it is told, and does not fail the run. */
  readonly isStretch?: boolean;
  /** Coefficient of variation over rounds, 0 to 1; null for a single round. */
  readonly cv: number | null;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Linear interpolation between closest ranks (the "type 7" quantile of R and NumPy). */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)] ?? NaN;
  const high = sorted[Math.ceil(position)] ?? NaN;
  return low + (high - low) * (position - Math.floor(position));
};

/** Standard deviation ÷ mean. */
export const variation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.sqrt(variance) / mean;
};

/** The figure of an A/B comparison: rounds alternate, the ratio is taken round by round. */
export const compared = (
  figure: { name: string; unit: string; atLeast: number },
  rounds: readonly { ours: number; peer: number }[],
): Figure => {
  const ratios = rounds.map(({ ours, peer }) => ours / peer);
  const ratio = median(ratios);
  return {
    name: figure.name,
    unit: figure.unit,
    ours: median(rounds.map(({ ours }) => ours)),
    peer: median(rounds.map(({ peer }) => peer)),
    ratio,
    target: `≥ ${String(figure.atLeast)}×`,
    isMet: ratio >= figure.atLeast,
    cv: variation(ratios),
  };
};

/** The same figure against a target to grow into. */
export const stretch = (figure: Figure): Figure => ({ ...figure, isStretch: true });

export const absolute = (
  figure: { name: string; unit: string } & ({ atLeast: number } | { atMost: number }),
  values: readonly number[],
): Figure => {
  const ours = median(values);
  const isMet = 'atLeast' in figure ? ours >= figure.atLeast : ours <= figure.atMost;
  return {
    name: figure.name,
    unit: figure.unit,
    ours,
    peer: null,
    ratio: null,
    target: 'atLeast' in figure ? `≥ ${String(figure.atLeast)}` : `≤ ${String(figure.atMost)}`,
    isMet,
    cv: values.length > 1 ? variation(values) : null,
  };
};
