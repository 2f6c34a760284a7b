import type { RuleDefinition } from './definition';

/** What points can be granted for; the type of the activity's subject. */
export const grantSubjects = ['contest', 'contest-stake', 'award'] as const;
export type GrantSubject = (typeof grantSubjects)[number];

type GrantRule = Omit<RuleDefinition, 'on'> & { readonly on: 'grant' };

const rule = (subject: GrantSubject, reason: string): GrantRule => ({
  name: `grant:${subject}`, // no name that people may give to a rule of theirs
  on: 'grant',
  when: { subjectType: [subject] },
  to: 'subject-author',
  points: { timesValue: 1 },
  limits: [],
  reason,
});

/** In force in every community, beside its own rules and outside all limits: what was decided is given whole. */
export const grantRules: readonly GrantRule[] = [
  rule('contest', 'You won a prize in a contest'),
  rule('contest-stake', 'You entered a contest with a stake'),
  rule('award', 'You were given an award'),
];
