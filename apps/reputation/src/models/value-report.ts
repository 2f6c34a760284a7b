import type { EntityManager } from 'typeorm';
import { askSql, type MetricAsk } from '../metrics/ask';
import type { Day } from '../rules';
import {
  bestGrowth,
  communityValue,
  fitValue,
  minPoints,
  type Exponents,
  type Standing,
} from './community-value';
import type { Report } from './report';

export interface DatedStanding extends Standing {
  readonly date: Day;
}

/**
 * Q and A of each interval, as sums over members. q_i: posts of member i in the interval, and the votes in force that
 * the interval brought to i's posts, where positive. a_i: activities of i in the interval, joining left out.
 */
export const standings = (db: EntityManager, ask: MetricAsk): Promise<DatedStanding[]> =>
  askSql<DatedStanding>(db, ask, {
    sql: `log AS (
        SELECT DISTINCT ON (key) kind, actor_id, subject_author_id, value,
          date_trunc($4, occurred_at AT TIME ZONE zone)::date AS date
        FROM activity_log, zone
        WHERE community_id = $1 AND occurred_at >= $2::date::timestamp AT TIME ZONE zone
          AND occurred_at < ($3::date + 1)::timestamp AT TIME ZONE zone
        ORDER BY key, version DESC
      ), wrote AS (
        SELECT date, actor_id AS member_id, count(*) AS posts FROM log
        WHERE kind IN ('question-asked', 'answer-posted', 'comment-posted', 'article-published') AND actor_id IS NOT NULL
        GROUP BY 1, 2
      ), praised AS (
        SELECT date, subject_author_id AS member_id, greatest(sum(value), 0) AS votes FROM log
        WHERE kind = 'vote' AND subject_author_id IS NOT NULL GROUP BY 1, 2
      ), quality AS (
        SELECT date, sum(coalesce(posts, 0) + coalesce(votes, 0)) AS quality
        FROM wrote FULL JOIN praised USING (date, member_id) GROUP BY date
      ), active AS (
        SELECT date, count(*) AS activity FROM log
        WHERE actor_id IS NOT NULL AND kind <> 'member-joined' GROUP BY date
      )
      SELECT date::text AS date, coalesce(quality, 0)::float8 AS quality, coalesce(activity, 0)::float8 AS activity
      FROM intervals LEFT JOIN quality USING (date) LEFT JOIN active USING (date) ORDER BY date`,
  });

const equal: Exponents = { alpha: 1, beta: 1 };

/** The value of each interval; with exponents fitted to measured values, where there are as many of them. */
export const valueReport = (
  points: readonly DatedStanding[],
  measured: readonly number[] | null,
): Report => {
  const inputs = points.flatMap(({ date, quality, activity }, i) => [
    { name: `Q ${date}`, value: quality },
    { name: `A ${date}`, value: activity },
    ...(measured === null ? [] : [{ name: `measured V ${date}`, value: measured[i] ?? null }]),
  ]);
  const valued = (exponents: Exponents, factor: number) =>
    points.map((point) => ({
      name: `V ${point.date}`,
      value: factor * communityValue(point, exponents),
    }));
  if (measured === null)
    return {
      ...described,
      inputs,
      outputs: [{ name: 'α', value: 1 }, { name: 'β', value: 1 }, ...valued(equal, 1)],
    };
  const fit = fitValue(points.map((point, i) => ({ ...point, value: measured[i] ?? NaN })));
  if (fit.kind === 'refused')
    return { ...described, inputs, outputs: [], refusal: refusals[fit.reason] };
  const around = (name: string, value: number, margin: number) => ({
    name,
    value,
    low: value - margin,
    high: value + margin,
  });
  return {
    ...described,
    inputs,
    outputs: [
      around('α', fit.alpha, fit.alphaMargin),
      around('β', fit.beta, fit.betaMargin),
      { name: 'e^c', value: Math.exp(fit.intercept) },
      { name: 'R²', value: fit.r2 },
      { name: 'mean relative error on the last fifth, held out', value: fit.holdOutError },
      ...valued(fit, Math.exp(fit.intercept)),
    ],
  };
};

const refusals = {
  'too-few-points': `It needs ${String(minPoints)} intervals at least.`,
  'not-positive': 'Q, A and the measured value must be above zero in every interval.',
  'no-variation': 'Q or A is the same in every interval, so nothing tells what it is worth.',
  collinear: 'Q and A change together, so nothing tells which of the two the value follows.',
} as const;

const described = {
  model: 'community-value',
  formula:
    'V = Q^α · A^β with Q = Σ q_i, A = Σ a_i; fitted: ln V = c + α ln Q + β ln A, by least squares',
  caveat:
    'A fit says what went together, not what causes what. Without measured values α and β are 1, which ranks intervals and says nothing about money. Q and A are sums over members: both grow with their number.',
} as const;

export interface PlanAsk extends Exponents {
  readonly periods: number;
  readonly budget: number;
  readonly qualityCost: number;
  readonly activityCost: number;
}

/** How to divide a budget between content and activity, from the last whole month on. */
export const planReport = (start: DatedStanding | undefined, ask: PlanAsk): Report => {
  const inputs = [
    { name: 'Q₀', value: start?.quality ?? null },
    { name: 'A₀', value: start?.activity ?? null },
    ...Object.entries(ask).map(([name, value]: [string, number]) => ({ name, value })),
  ];
  const plan = start === undefined ? null : bestGrowth({ start, exponents: ask, ...ask });
  if (plan === null || start === undefined || start.quality * start.activity === 0)
    return { ...planned, inputs, outputs: [], refusal: 'There is no activity to grow from.' };
  return {
    ...planned,
    inputs,
    outputs: [
      { name: 'γ, growth of content a period', value: plan.gamma },
      { name: 'δ, growth of activity a period', value: plan.delta },
      { name: 'share of the budget for content', value: plan.qualityShare },
      { name: 'V then', value: plan.value },
      { name: 'V now', value: communityValue(start, ask) },
    ],
  };
};

const planned = {
  model: 'growth-plan',
  formula:
    'max over γ, δ ≥ 0 with γ·c_γ + δ·c_δ ≤ B of (Q₀(1+γ)^t)^α · (A₀(1+δ)^t)^β; t counts periods',
  caveat:
    'Costs are taken as proportional to growth, which they seldom are for long. Without a budget there is no best: more is always better.',
} as const;
