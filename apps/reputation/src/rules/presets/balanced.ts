import type { RuleSetDefinition } from '../rule-set';
import { bountyRules } from './bounty-rules';
import { referralRules } from './referral-rules';

/** Rewards taking part as well as being appreciated; small numbers, small daily limits. */
export const balanced: RuleSetDefinition = {
  name: 'balanced',
  description:
    'Asking, answering, writing and commenting earn a little each day; upvotes and accepted answers earn more; points never fall below 0.',
  parameters: {
    upvote: { default: 5, description: 'Points for an upvote received.' },
    accepted: { default: 15, description: 'Points for an accepted answer.' },
  },
  startingPoints: 0,
  floor: 0,
  limits: [
    { name: 'appreciation', points: 100, per: 'day' },
    { name: 'participation', points: 20, per: 'day' },
  ],
  rules: [
    participation({
      name: 'asked',
      on: 'question-asked',
      points: 2,
      reason: 'You asked a question',
    }),
    participation({ name: 'answered', on: 'answer-posted', points: 3, reason: 'You answered' }),
    participation({ name: 'commented', on: 'comment-posted', points: 1, reason: 'You commented' }),
    participation({
      name: 'wrote',
      on: 'article-published',
      points: 5,
      reason: 'You published an article',
    }),
    {
      name: 'upvoted',
      on: 'vote',
      when: { value: 1, self: false },
      to: 'subject-author',
      points: { parameter: 'upvote' },
      limits: ['appreciation'],
      reason: 'Upvote on your {subject}',
    },
    {
      name: 'downvoted',
      on: 'vote',
      when: { value: -1, self: false },
      to: 'subject-author',
      points: -1,
      limits: ['appreciation'],
      reason: 'Downvote on your {subject}',
    },
    {
      name: 'accepted',
      on: 'acceptance',
      when: { value: 1, self: false },
      to: 'subject-author',
      points: { parameter: 'accepted' },
      limits: [],
      reason: 'Your answer was accepted',
    },
    ...bountyRules,
    ...referralRules,
  ],
  levels: [
    { name: 'Newcomer', from: 0 },
    { name: 'Participant', from: 25 },
    { name: 'Contributor', from: 100 },
    { name: 'Regular', from: 400 },
    { name: 'Expert', from: 1500 },
    { name: 'Luminary', from: 6000 },
  ],
};

function participation(
  rule: Pick<RuleSetDefinition['rules'][number], 'name' | 'on' | 'points' | 'reason'>,
): RuleSetDefinition['rules'][number] {
  return { ...rule, when: {}, to: 'actor', limits: ['participation'] };
}
