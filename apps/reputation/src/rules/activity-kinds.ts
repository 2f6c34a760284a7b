/** What rules and badges can be about. */
export const activityKinds = [
  'member-joined',
  'question-asked',
  'answer-posted',
  'comment-posted',
  'article-published',
  'vote',
  'acceptance',
  'favourite',
  'bounty-offered',
  'bounty-awarded',
  'edit-approved',
  'referral-activated',
  'referral-purchased',
] as const;

/** `grant` is points that a decision gave or took, a prize or a stake: no rule of a community judges it. */
export type ActivityKind = (typeof activityKinds)[number] | 'grant';
