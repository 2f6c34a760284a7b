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
] as const;
export type ActivityKind = (typeof activityKinds)[number];
