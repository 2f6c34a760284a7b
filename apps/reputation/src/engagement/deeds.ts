/** What a member did on a day, a bit each: `engagement_active.did`. */
export const deeds = {
  asked: 1,
  answered: 2,
  commented: 4,
  published: 8,
  voted: 16,
  /** Accepted, followed, offered a bounty, edited. */
  other: 32,
} as const;

/** Wrote something: a question, an answer, a comment or an article. */
export const posted = deeds.asked | deeds.answered | deeds.commented | deeds.published;

/** The bit of an activity's kind, in SQL. */
export const deedOf = (kind: string): string => `CASE ${kind}
  WHEN 'question-asked' THEN ${String(deeds.asked)} WHEN 'answer-posted' THEN ${String(deeds.answered)}
  WHEN 'comment-posted' THEN ${String(deeds.commented)} WHEN 'article-published' THEN ${String(deeds.published)}
  WHEN 'vote' THEN ${String(deeds.voted)} ELSE ${String(deeds.other)} END`;
