import type { RuleSetDefinition } from '../rule-set';
import { bountyRules } from './bounty-rules';

const post = ['question', 'answer', 'article'] as const;

/** Reputation as on the Stack Exchange network; what a question's upvote is worth differs by era. */
export const stackExchange: RuleSetDefinition = {
  name: 'stack-exchange',
  description:
    'Votes, accepted answers, approved edits and bounties as on Stack Exchange: 200 points a day at most from votes and edits, never below 1.',
  parameters: {
    questionUpvote: {
      default: 10,
      description: 'Points for an upvote on a question: 5 until November 2019, 10 since.',
    },
  },
  startingPoints: 1,
  floor: 1,
  limits: [
    { name: 'daily', points: 200, per: 'day' },
    { name: 'edits', points: 1000, per: 'member' },
  ],
  rules: [
    {
      name: 'question-upvoted',
      on: 'vote',
      when: { subjectType: ['question'], value: 1, self: false },
      to: 'subject-author',
      points: { parameter: 'questionUpvote' },
      limits: ['daily'],
      reason: 'Upvote on your question',
    },
    {
      name: 'post-upvoted',
      on: 'vote',
      when: { subjectType: ['answer', 'article'], value: 1, self: false },
      to: 'subject-author',
      points: 10,
      limits: ['daily'],
      reason: 'Upvote on your {subject}',
    },
    {
      name: 'post-downvoted',
      on: 'vote',
      when: { subjectType: [...post], value: -1, self: false },
      to: 'subject-author',
      points: -2,
      limits: ['daily'],
      reason: 'Downvote on your {subject}',
    },
    {
      name: 'answer-downvote-cast',
      on: 'vote',
      when: { subjectType: ['answer'], value: -1, self: false },
      to: 'actor',
      points: -1,
      limits: [],
      reason: 'You voted an answer down',
    },
    {
      name: 'answer-accepted',
      on: 'acceptance',
      when: { value: 1, self: false },
      to: 'subject-author',
      points: 15,
      limits: [],
      reason: 'Your answer was accepted',
    },
    {
      name: 'answer-accepted-by-asker',
      on: 'acceptance',
      when: { value: 1, self: false },
      to: 'actor',
      points: 2,
      limits: [],
      reason: 'You accepted an answer',
    },
    {
      name: 'edit-approved',
      on: 'edit-approved',
      when: {},
      to: 'actor',
      points: 2,
      limits: ['daily', 'edits'],
      reason: 'Your edit was approved',
    },
    ...bountyRules,
  ],
  levels: [
    { name: 'Newcomer', from: 1 },
    { name: 'Participant', from: 15 },
    { name: 'Contributor', from: 50 },
    { name: 'Regular', from: 125 },
    { name: 'Established', from: 500 },
    { name: 'Skilled', from: 1000 },
    { name: 'Editor', from: 2000 },
    { name: 'Steward', from: 3000 },
    { name: 'Expert', from: 10000 },
    { name: 'Luminary', from: 20000 },
  ],
};
