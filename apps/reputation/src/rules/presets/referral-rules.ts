import type { RuleSetDefinition } from '../definition';

/** Whom a member brings is worth something once they take part, and more once they pay. */
export const referralRules: RuleSetDefinition['rules'] = [
  {
    name: 'brought',
    on: 'referral-activated',
    when: { value: 1 },
    to: 'subject-author',
    points: 10,
    limits: [],
    reason: 'Somebody whom you brought became active',
  },
  {
    name: 'brought-buyer',
    on: 'referral-purchased',
    when: { value: 1 },
    to: 'subject-author',
    points: 20,
    limits: [],
    reason: 'Somebody whom you brought bought something',
  },
];
