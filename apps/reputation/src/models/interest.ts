/*
 * The behaviour matrix A = (a_ij), how often member i did j, and interest Σ_j w_j · a_ij (seed S2).
 */

export const behaviours = [
  'question-asked',
  'answer-posted',
  'comment-posted',
  'article-published',
  'vote',
  'favourite',
  'view',
  'read',
  'share',
  'click',
] as const;
export type Behaviour = (typeof behaviours)[number];

export type Weights = Readonly<Record<Behaviour, number>>;

/** What a behaviour says about interest, where a community has not decided otherwise. */
export const defaultWeights: Weights = {
  'question-asked': 5,
  'answer-posted': 8,
  'comment-posted': 3,
  'article-published': 8,
  vote: 1,
  favourite: 2,
  view: 0.2,
  read: 0.5,
  share: 3,
  click: 0.2,
};

/** A row of the matrix: how often one member did what. */
export type BehaviourRow = Readonly<Partial<Record<Behaviour, number>>>;

export const interestOf = (row: BehaviourRow, weights: Weights): number =>
  behaviours.reduce((sum, behaviour) => sum + weights[behaviour] * (row[behaviour] ?? 0), 0);

/** One more event, or several at once: the order cannot matter. */
export const withBehaviour = (
  row: BehaviourRow,
  behaviour: Behaviour,
  times = 1,
): BehaviourRow => ({
  ...row,
  [behaviour]: (row[behaviour] ?? 0) + times,
});
