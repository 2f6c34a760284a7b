/** A rating by each member for one thing; null for who gave none. */
export type Ratings = readonly (number | null)[];

/** Sat = Σ_j r_ij ÷ number of ratings; null without any. [5, none, 4] is 4.5. */
export const satisfaction = (ratings: Ratings): number | null => {
  const given = ratings.filter((rating) => rating !== null);
  return given.length === 0 ? null : sum(given) / given.length;
};

/**
 * The seed's own formula divides by all n, so that who has not rated counts as a zero: [5, none, 4] is 3. For
 * comparison only.
 */
export const satisfactionAsWritten = (ratings: Ratings): number | null =>
  ratings.length === 0 ? null : sum(ratings.map((rating) => rating ?? 0)) / ratings.length;

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
