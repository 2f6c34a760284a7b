/** Solves a small system of linear equations by elimination with pivots; null when it has no single solution. */
export const solve = (
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): number[] | null => {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (let column = 0; column < n; column += 1) {
    const pivot = pivotRow(rows, column);
    const lead = rows[pivot]?.[column] ?? 0;
    if (Math.abs(lead) < 1e-12) return null;
    [rows[column], rows[pivot]] = [rows[pivot] ?? [], rows[column] ?? []];
    for (const [i, row] of rows.entries()) {
      if (i === column) continue;
      const factor = (row[column] ?? 0) / lead;
      for (let k = column; k <= n; k += 1)
        row[k] = (row[k] ?? 0) - factor * (rows[column]?.[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
};

const pivotRow = (rows: readonly (readonly number[])[], column: number): number => {
  let best = column;
  for (let i = column + 1; i < rows.length; i += 1)
    if (Math.abs(rows[i]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = i;
  return best;
};

export interface Fit {
  readonly coefficients: readonly number[];
  /** Half the width of the 95 % confidence interval of each. */
  readonly margins: readonly number[];
  /** Share of the variance that the fit explains. */
  readonly r2: number;
}

/** Ordinary least squares with an intercept, which comes first. Null when the columns are not independent. */
export const leastSquares = (
  inputs: readonly (readonly number[])[],
  outcomes: readonly number[],
): Fit | null => {
  const design = inputs.map((row) => [1, ...row]);
  const width = design[0]?.length ?? 0;
  const cell = (i: number, j: number) =>
    design.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0);
  const axes = Array.from({ length: width }, (_, i) => i);
  const normal = axes.map((i) => axes.map((j) => cell(i, j)));
  const moments = axes.map((i) =>
    design.reduce((sum, row, k) => sum + (row[i] ?? 0) * (outcomes[k] ?? 0), 0),
  );
  const coefficients = solve(normal, moments);
  if (coefficients === null) return null;
  const residuals = design.map(
    (row, k) => (outcomes[k] ?? 0) - row.reduce((sum, x, i) => sum + x * (coefficients[i] ?? 0), 0),
  );
  const freedom = outcomes.length - width;
  const error = squares(residuals);
  const variance = error / Math.max(1, freedom);
  const margins = axes.map((i) => {
    const unit = axes.map((j) => (i === j ? 1 : 0));
    const inverse = solve(normal, unit)?.[i] ?? Infinity;
    return studentQuantile(freedom) * Math.sqrt(Math.max(0, variance * inverse));
  });
  const spread = squares(outcomes.map((y) => y - mean(outcomes)));
  return { coefficients, margins, r2: spread === 0 ? 1 : 1 - error / spread };
};

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const squares = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value * value, 0);

export const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [ma, mb] = [mean(a), mean(b)];
  const product = a.reduce((sum, x, i) => sum + (x - ma) * ((b[i] ?? 0) - mb), 0);
  return product / Math.sqrt(squares(a.map((x) => x - ma)) * squares(b.map((x) => x - mb)));
};

/** 97.5 % quantile of Student's distribution, by the series around the normal one; within 0.5 % from 4 degrees on. */
export const studentQuantile = (freedom: number): number => {
  if (freedom < 1) return Infinity;
  const z = 1.959964;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  );
};
