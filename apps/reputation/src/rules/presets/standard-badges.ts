import type { BadgeDefinition } from '../badge';

/*
 * The badges of Stack Exchange sites that follow from what is public there (stackoverflow.com/help/badges): checked
 * against the awards that real dumps state, by `npm run verify`.
 */

type PostRule = Omit<Extract<BadgeDefinition['rule'], { type: 'post' }>, 'type' | 'postType'>;

const once = (
  badge: Pick<BadgeDefinition, 'name' | 'title' | 'reason' | 'rule'>,
): BadgeDefinition => ({ ...badge, class: 'bronze', once: true });

const forEach = (
  postType: 'question' | 'answer',
  badge: Pick<BadgeDefinition, 'name' | 'title' | 'class' | 'reason'> & { rule: PostRule },
): BadgeDefinition => ({ ...badge, once: false, rule: { type: 'post', postType, ...badge.rule } });

const scores = [
  ['nice', 'Nice', 10, 'bronze'],
  ['good', 'Good', 25, 'silver'],
  ['great', 'Great', 100, 'gold'],
] as const;

const received = (postType: 'question' | 'answer', noun: string): BadgeDefinition[] =>
  scores.map(([name, title, scoreAtLeast, grade]) =>
    forEach(postType, {
      name: `${name}-${postType}`,
      title: `${title} ${noun}`,
      class: grade,
      reason: `Your ${postType} reached a score of {n}`,
      rule: { scoreAtLeast },
    }),
  );

export const standardBadges: readonly BadgeDefinition[] = [
  once({
    name: 'student',
    title: 'Student',
    reason: 'Your first question that others found worth asking',
    rule: { type: 'post', postType: 'question', scoreAtLeast: 1 },
  }),
  once({
    name: 'teacher',
    title: 'Teacher',
    reason: 'Your first answer that others found helpful',
    rule: { type: 'post', postType: 'answer', scoreAtLeast: 1 },
  }),
  once({
    name: 'scholar',
    title: 'Scholar',
    reason: 'You asked, and said which answer helped',
    rule: { type: 'count', kind: 'acceptance', atLeast: 1 },
  }),
  once({
    name: 'commentator',
    title: 'Commentator',
    reason: 'You wrote {n} comments',
    rule: { type: 'count', kind: 'comment-posted', atLeast: 10 },
  }),
  once({
    name: 'mortarboard',
    title: 'Mortarboard',
    reason: 'You earned {n} points on one day',
    rule: { type: 'day-points', atLeast: 200 },
  }),
  once({
    name: 'self-learner',
    title: 'Self-Learner',
    reason: 'Your answer to your own question reached a score of {n}',
    rule: { type: 'post', postType: 'answer', scoreAtLeast: 3, ownQuestion: true },
  }),
  ...received('question', 'Question'),
  ...received('answer', 'Answer'),
  forEach('answer', {
    name: 'enlightened',
    title: 'Enlightened',
    class: 'silver',
    reason: 'You answered first, were accepted, and reached a score of {n}',
    rule: { scoreAtLeast: 10, accepted: true, first: 'posted' },
  }),
  forEach('answer', {
    name: 'guru',
    title: 'Guru',
    class: 'silver',
    reason: 'Your accepted answer reached a score of {n}',
    rule: { scoreAtLeast: 40, accepted: true },
  }),
  forEach('answer', {
    name: 'necromancer',
    title: 'Necromancer',
    class: 'silver',
    reason: 'You answered a question of more than 60 days and reached a score of {n}',
    rule: { scoreAtLeast: 5, daysLaterMoreThan: 60 },
  }),
  forEach('answer', {
    name: 'revival',
    title: 'Revival',
    class: 'bronze',
    reason: 'Your answer to a question of more than 30 days was the first to reach a score of {n}',
    rule: { scoreAtLeast: 2, first: 'received', daysLaterMoreThan: 30, ownQuestion: false },
  }),
];
