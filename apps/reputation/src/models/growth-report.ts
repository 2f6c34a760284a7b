import type { EntityManager } from 'typeorm';
import { startOf, step } from '../engagement/intervals';
import { growth, type Growth } from '../metrics/growth-series';
import type { MetricAsk } from '../metrics/ask';
import { utcDay, type Day } from '../rules';
import { estimate, forecast, limitOf, type Estimate } from './member-forecast';
import type { Figure, Report } from './report';

const monthsSeen = 12;
const monthsAhead = 12;

/** The last whole months on the community's calendar. */
export const wholeMonths = (
  today: Day,
  count: number,
): { readonly from: Day; readonly to: Day } => {
  const current = startOf.month(today);
  let first = current;
  for (let i = 0; i < count; i += 1) first = step(first, 'month', -1);
  return { from: utcDay(first), to: utcDay(new Date(current.getTime() - 86_400_000)) };
};

/**
 * Active members in the months to come, from what the last twelve months gained and lost. Gained are first-time and
 * returning members; lost are those of the month before who took no part.
 */
export const growthReport = async (
  db: EntityManager,
  { communityId, today }: Pick<MetricAsk, 'communityId' | 'today'>,
): Promise<Report> => {
  const ask: MetricAsk = {
    ...{ communityId, today, ...wholeMonths(today, monthsSeen) },
    ...{ interval: 'month', tag: null, segment: null },
  };
  const { members, gains, losses } = seen(await growth(db, ask));
  const inputs = [
    { name: 'active members of the last whole month', value: members },
    { name: 'months learnt from', value: gains.length },
  ];
  const [gain, loss] = [estimate(gains), estimate(losses)];
  if (gain === null || loss === null)
    return {
      ...described,
      inputs,
      outputs: [],
      refusal: 'There are fewer than three months with activity to learn from.',
    };
  return {
    ...described,
    inputs: [
      ...inputs,
      { name: 'G, members gained a month', ...gain },
      { name: 'L, share lost a month', ...loss },
    ],
    outputs: ahead(members, gain, loss),
  };
};

/** Of each month after the first with activity: who came, and which share of the month before did not. */
const seen = (months: readonly Growth[]) => {
  const active = months.map((month) => month.newcomers + month.retained + month.returning);
  const first = active.findIndex((members) => members > 0);
  const pairs = first < 0 ? [] : months.slice(first + 1);
  const losses = pairs.flatMap((month, i) => {
    const before = active[first + i] ?? 0;
    return before > 0 ? [1 - month.retained / before] : [];
  });
  return {
    members: active.at(-1) ?? 0,
    gains: pairs.map((month) => month.newcomers + month.returning),
    losses,
  };
};

const ahead = (members: number, gain: Estimate, loss: Estimate): Figure[] => {
  const path = (g: number, l: number) =>
    forecast({ members, gain: g, lossRate: Math.min(1, l), steps: monthsAhead });
  const [low, high] = [path(gain.low, loss.high), path(gain.high, loss.low)];
  return [
    ...path(gain.value, loss.value).map((value, i) => ({
      name: `N after ${String(i + 1)} months`,
      value,
      low: low[i] ?? null,
      high: high[i] ?? null,
    })),
    {
      name: 'limit G ÷ L',
      value: limitOf(gain.value, loss.value),
      low: limitOf(gain.low, loss.high),
      high: limitOf(gain.high, loss.low),
    },
  ];
};

const described = {
  model: 'growth-forecast',
  formula: 'N(t+1) = N(t) · (1 − L) + G; the limit is G ÷ L',
  caveat:
    'G and L are means of the past and taken as constant: a campaign or a season is not foreseen. The interval takes the unfavourable ends of both at once, so it is wider than 95 %.',
} as const;
