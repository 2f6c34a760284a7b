import type { RuleSetDefinition } from '../rule-set';

/** A bounty moves its whole amount from who offers it to who wins it, in every preset, outside all limits. */
export const bountyRules: RuleSetDefinition['rules'] = [
  {
    name: 'bounty-offered',
    on: 'bounty-offered',
    when: {},
    to: 'actor',
    points: { timesValue: -1 },
    limits: [],
    reason: 'You offered a bounty',
  },
  {
    name: 'bounty-awarded',
    on: 'bounty-awarded',
    when: {},
    to: 'subject-author',
    points: { timesValue: 1 },
    limits: [],
    reason: 'Your answer won a bounty',
  },
];
