import type { RuleSetDefinition } from '../definition';
import { bountyRules } from './bounty-rules';
import { referralRules } from './referral-rules';

/**
 * For communities that teach: showing up, asking and helping others understand count, each less the more often
 * it is done on a day, and nobody earns a name from one friend alone. Standing fades, so newcomers can lead.
 */
export const learning: RuleSetDefinition = {
  name: 'learning',
  description:
    'Learning in the open: questions, answers and articles earn every day, the first of a day most; help that others found good earns more, at most 30 points a day from one member; standing halves in half a year.',
  parameters: {
    understood: { default: 5, description: 'Points when somebody found a post helpful.' },
    solved: { default: 20, description: 'Points when an answer solved the question.' },
  },
  startingPoints: 0,
  floor: 0,
  limits: [
    { name: 'practice', points: 30, per: 'day' },
    { name: 'helpfulness', points: 120, per: 'day' },
    { name: 'one-admirer', points: 30, per: 'pair' },
    { name: 'one-post', points: 60, per: 'source' },
  ],
  rules: [
    practice('asked', 'question-asked', 4, 'You asked a question'),
    practice('answered', 'answer-posted', 4, 'You answered'),
    practice('commented', 'comment-posted', 1, 'You joined a conversation'),
    practice('wrote', 'article-published', 10, 'You wrote down what you learned'),
    {
      name: 'helped',
      on: 'vote',
      when: { value: 1, self: false },
      to: 'subject-author',
      points: { parameter: 'understood' },
      limits: ['helpfulness', 'one-admirer', 'one-post'],
      reason: 'Somebody found your {subject} helpful',
    },
    {
      name: 'solved',
      on: 'acceptance',
      when: { value: 1, self: false },
      to: 'subject-author',
      points: { parameter: 'solved' },
      limits: ['one-admirer'],
      reason: 'Your answer solved the question',
    },
    {
      name: 'thanked',
      on: 'acceptance',
      when: { value: 1, self: false },
      to: 'actor',
      points: 3,
      limits: ['practice'],
      reason: 'You told others which answer solved your question',
    },
    {
      name: 'improved',
      on: 'edit-approved',
      when: {},
      to: 'actor',
      points: 2,
      limits: ['practice'],
      reason: 'You improved what others read',
    },
    ...bountyRules,
    ...referralRules,
  ],
  levels: [
    { name: 'Newcomer', from: 0 },
    { name: 'Learner', from: 20 },
    { name: 'Explorer', from: 100 },
    { name: 'Practitioner', from: 350 },
    { name: 'Guide', from: 1000 },
    { name: 'Mentor', from: 3000 },
    { name: 'Teacher', from: 9000 },
  ],
  decay: { halfLifeDays: 180 },
};

function practice(
  name: string,
  on: RuleSetDefinition['rules'][number]['on'],
  ...[points, reason]: readonly [points: number, reason: string]
): RuleSetDefinition['rules'][number] {
  return {
    ...{ name, on, points, reason },
    when: {},
    to: 'actor',
    limits: ['practice'],
    diminishing: [100, 75, 50, 25],
  };
}
