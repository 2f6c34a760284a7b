import { deeds, posted } from '../engagement/deeds';
import {
  distinctMembers,
  stickiness,
  sumOfDays,
  trailingMembers,
  type Counted,
} from './activity-series';
import { answerRate, answerRateOfADay, hoursToFirstAnswer } from './answer-series';
import { contentFreshness, contributionGini, freshDays } from './content-series';
import { behaviourMetrics } from './behaviour-metrics';
import type { MetricDefinition } from './definition';
import { churnedAfter, growthState } from './growth-series';
import { dayRetention } from './retention';
import { paidShare } from './paid-share';
import { revenueMetrics } from './revenue';

export const anything = Object.values(deeds).reduce((all, deed) => all | deed, 0);

const counted = 'Counted with each batch of activity; at most a moment behind it.';
const onRead = 'Computed when it is asked for, from what is counted with each batch of activity.';
const both = ['tag', 'segment'] as const;

type Active = Pick<MetricDefinition, 'name' | 'meaning' | 'formula' | 'series'>;
const members = (metric: Active): MetricDefinition => ({
  unit: 'members',
  source: 'activity log, joining left out',
  refresh: onRead,
  isPublic: true,
  dimensions: both,
  ...metric,
});

const activity: readonly MetricDefinition[] = [
  members({
    name: 'active_members',
    meaning:
      'Members who took part in the interval: who asked, answered, commented, voted or did anything besides joining.',
    formula: 'count of distinct members with an activity on a day of the interval',
    series: distinctMembers(anything),
  }),
  members({
    name: 'contributors',
    meaning: 'Members who wrote a question, an answer, a comment or an article in the interval.',
    formula: 'count of distinct authors of posts of the interval',
    series: distinctMembers(posted),
  }),
  members({
    name: 'voters',
    meaning: 'Members who voted in the interval.',
    formula: 'count of distinct members who cast or changed a vote in the interval',
    series: distinctMembers(deeds.voted),
  }),
  members({
    name: 'daily_active_members',
    meaning: "DAU: members who took part on the interval's last day.",
    formula: 'count of distinct members active on the day',
    series: trailingMembers(anything, 1),
  }),
  members({
    name: 'weekly_active_members',
    meaning: "WAU: members who took part in the 7 days that end with the interval's last day.",
    formula: 'count of distinct members active on one of 7 days',
    series: trailingMembers(anything, 7),
  }),
  members({
    name: 'monthly_active_members',
    meaning: "MAU: members who took part in the 30 days that end with the interval's last day.",
    formula: 'count of distinct members active on one of 30 days',
    series: trailingMembers(anything, 30),
  }),
  {
    ...members({
      name: 'stickiness',
      meaning: 'How much of a month the members of a month take part.',
      formula:
        'mean of the daily members of 30 days ÷ distinct members of the 30 days; null without members',
      series: stickiness(anything),
    }),
    unit: 'share',
  },
];

const sum = (
  column: Counted,
  told: Pick<MetricDefinition, 'meaning' | 'unit' | 'source'>,
): MetricDefinition => ({
  name: column,
  formula: 'sum over the days of the interval',
  refresh: counted,
  isPublic: true,
  dimensions: column === 'new_members' ? [] : column === 'votes' ? ['tag'] : both,
  series: sumOfDays(column),
  ...told,
});

const sums: readonly MetricDefinition[] = [
  sum('new_members', {
    meaning: 'Members who joined.',
    unit: 'members',
    source: 'identity.member.joined.v1',
  }),
  sum('questions', {
    meaning: 'Questions asked.',
    unit: 'posts',
    source: 'content.question.asked.v1',
  }),
  sum('answers', { meaning: 'Answers posted.', unit: 'posts', source: 'content.answer.posted.v1' }),
  sum('comments', {
    meaning: 'Comments posted.',
    unit: 'posts',
    source: 'content.comment.posted.v1',
  }),
  sum('votes', {
    meaning:
      'Votes in force, on the day they were cast or last changed; a withdrawn vote counts nowhere.',
    unit: 'votes',
    source: 'content.vote.recorded.v1, its highest version',
  }),
];

const state = (
  name: Parameters<typeof growthState>[0],
  { meaning, formula }: Pick<MetricDefinition, 'meaning' | 'formula'>,
): MetricDefinition => ({
  name: `${name === 'newcomers' ? 'first_time' : name}_members`,
  meaning,
  formula,
  unit: 'members',
  source: 'activity log, joining left out',
  refresh: onRead,
  isPublic: false,
  dimensions: [],
  series: growthState(name),
});

const growth: readonly MetricDefinition[] = [
  state('newcomers', {
    meaning: 'Members who took part for the first time.',
    formula: 'active in the interval, never before',
  }),
  state('retained', {
    meaning: 'Members who went on taking part.',
    formula: 'active in the interval and in the one before',
  }),
  state('returning', {
    meaning: 'Members who took part again after a pause.',
    formula: 'active in the interval and earlier, not in the one before',
  }),
  state('dormant', {
    meaning: 'Members who pause.',
    formula: `not active in the interval, active in one of the ${String(churnedAfter)} before`,
  }),
  state('churned', {
    meaning: 'Members who have taken part once, and no longer do.',
    formula: `all who were ever active, less those of the four states above: not active in the interval nor in the ${String(churnedAfter)} before`,
  }),
];

const retained = (days: number): MetricDefinition => ({
  name: `retention_day_${String(days)}`,
  meaning: `How many of the members who joined in the interval took part on day ${String(days)} after joining.`,
  formula: `members active on joining day + ${String(days)} ÷ members whose joining day + ${String(days)} has come; null without any`,
  unit: 'share',
  source: 'identity.member.joined.v1 and the activity log',
  refresh: onRead,
  isPublic: false,
  dimensions: [],
  series: dayRetention(days),
});

const question = (metric: Active & Partial<MetricDefinition>): MetricDefinition => ({
  unit: 'hours',
  source: 'content.question.asked.v1 and content.answer.posted.v1',
  refresh: onRead,
  isPublic: true,
  dimensions: both,
  ...metric,
});

const answers: readonly MetricDefinition[] = [
  question({
    name: 'time_to_first_answer',
    meaning:
      'How long half of the answered questions of the interval waited for the first answer by somebody else.',
    formula:
      'median of (first answer by another − question), of questions with one; null without any',
    series: hoursToFirstAnswer(0.5),
  }),
  question({
    name: 'time_to_first_answer_p90',
    meaning: 'The same for nine of ten: the slow end.',
    formula:
      '90th percentile of (first answer by another − question), interpolated; null without any',
    series: hoursToFirstAnswer(0.9),
  }),
  question({
    name: 'answer_rate',
    meaning: 'How many questions of the interval somebody else has answered by now.',
    formula: 'questions with an answer by another ÷ questions; null without questions',
    unit: 'share',
    series: answerRate,
  }),
  question({
    name: 'answer_rate_24h',
    meaning:
      'How many questions of the interval got an answer within 24 hours. Questions of yesterday and today are left out: their day may not be over.',
    formula: 'questions answered within 24 h ÷ questions asked before yesterday; null without any',
    unit: 'share',
    series: answerRateOfADay,
  }),
];

const content: readonly MetricDefinition[] = [
  {
    name: 'contribution_gini',
    meaning:
      'How unequally members write: 0 when all who wrote wrote equally much, towards 1 when one wrote all.',
    formula:
      'Gini coefficient of posts per author, G = 2 Σ i·x_i ÷ (n Σ x_i) − (n + 1) ÷ n with x ascending; null without posts',
    unit: 'index',
    source: 'questions, answers, comments and articles with a known author',
    refresh: onRead,
    isPublic: false,
    dimensions: both,
    series: contributionGini,
  },
  {
    name: 'content_freshness',
    meaning: `How many threads live: share of questions and articles with a post in the last ${String(freshDays)} days, on the interval's last day.`,
    formula: `threads with a post in ${String(freshDays)} days ÷ threads; null without threads`,
    unit: 'share',
    source: 'questions, answers, comments and articles',
    refresh: onRead,
    isPublic: true,
    dimensions: ['tag'],
    series: contentFreshness,
  },
  paidShare,
];

/** Every metric there is. `docs/metrics.md` has them all; a test compares. */
export const catalogue: readonly MetricDefinition[] = [
  ...activity,
  ...sums,
  ...growth,
  retained(1),
  retained(7),
  retained(30),
  ...answers,
  ...content,
  ...behaviourMetrics,
  ...revenueMetrics,
];

const byName = new Map(catalogue.map((metric) => [metric.name, metric]));

/** The metric of that name. Names come from the schema, which has these and no others. */
export const metricNamed = (name: string): MetricDefinition => {
  const metric = byName.get(name);
  if (metric === undefined) throw new Error(`there is no metric ${name}`);
  return metric;
};
