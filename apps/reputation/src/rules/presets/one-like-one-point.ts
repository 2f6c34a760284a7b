import type { RuleSetDefinition } from '../rule-set';

const thresholds = [0, 5, 20, 65, 155, 515, 2015, 8015, 33015];

/** One upvote received is one point; nothing is lost, nothing is earned by one's own activity. */
export const oneLikeOnePoint: RuleSetDefinition = {
  name: 'one-like-one-point',
  description: 'Each upvote that others give to a post or comment is one point; nine levels.',
  parameters: {},
  startingPoints: 0,
  floor: null,
  limits: [],
  rules: [
    {
      name: 'upvoted',
      on: 'vote',
      when: { value: 1, self: false },
      to: 'subject-author',
      points: 1,
      limits: [],
      reason: 'Someone liked your {subject}',
    },
  ],
  levels: thresholds.map((from, i) => ({ name: `Level ${String(i + 1)}`, from })),
};
