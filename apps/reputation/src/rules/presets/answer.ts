import type { PrivilegeName, RuleSetDefinition } from '../definition';
import { stackExchange } from './stack-exchange';

/*
 * The points and privilege levels of Apache Answer (`init_data.go`): one way of earning, three of unlocking
 * what there is here to unlock.
 * A young community takes `answer-low`, where everybody may do everything but vote down.
 */

type Thresholds = readonly [low: number, medium: number, high: number];

const thresholds: Readonly<Partial<Record<PrivilegeName, Thresholds>>> = {
  upvote: [1, 8, 15],
  downvote: [125, 125, 125],
  'post-links': [1, 10, 10],
  'create-tags': [1, 750, 1500],
  'edit-tags': [1, 50, 100],
  'edit-posts': [1, 100, 200],
  'edit-without-review': [1, 1000, 2000],
  'review-posts': [1, 1000, 2000],
  'review-tags': [1, 2500, 5000],
};

const answer = (level: 'low' | 'medium' | 'high', index: 0 | 1 | 2): RuleSetDefinition => ({
  ...stackExchange,
  name: `answer-${level}`,
  description: `Votes, accepted answers and bounties earn as on Stack Exchange; privileges come at ${level} numbers of points, as in Apache Answer.`,
  parameters: {},
  limits: [{ name: 'daily', points: 200, per: 'day' }],
  rules: stackExchange.rules
    .filter(({ name }) => name !== 'edit-approved')
    .map((rule) => (rule.name === 'question-upvoted' ? { ...rule, points: 10 } : rule)),
  privileges: (Object.entries(thresholds) as [PrivilegeName, Thresholds][]).map(
    ([name, numbers]) => ({ name, from: numbers[index] }),
  ),
});

export const answerLow = answer('low', 0);
export const answerMedium = answer('medium', 1);
export const answerHigh = answer('high', 2);
