import type { EntityManager } from 'typeorm';
import type { Day } from '../rules';
import { askSql, intervalOf, memberDays, type MetricAsk, type Point, type Series } from './ask';
import type { MetricDefinition } from './definition';

export interface Revenue {
  readonly date: Day;
  readonly currency: string;
  /** Paid less given back, in minor units. */
  readonly netMinor: string;
  /** Distinct members who paid anything. */
  readonly payingMembers: number;
  /** Per member who took part in the interval, in minor units; null without any. */
  readonly perActiveMember: number | null;
}

const anyDeed = 63;

const paid = (ask: MetricAsk): string => `
  entry AS (
    SELECT ${intervalOf('(occurred_at AT TIME ZONE zone)')} AS date, currency, amount_minor, member_id
    FROM revenue_entry, zone WHERE community_id = $1
      AND occurred_at >= $2::date::timestamp AT TIME ZONE zone
      AND occurred_at < ($3::date + 1)::timestamp AT TIME ZONE zone
  ), active AS (
    SELECT ${intervalOf('day')} AS date, count(DISTINCT member_id) AS members
    FROM (${memberDays(ask, { did: anyDeed })}) AS member_day GROUP BY 1
  )`;

/** Of each interval and each currency in which anything was paid or given back in it. */
export const revenue = (db: EntityManager, ask: MetricAsk): Promise<Revenue[]> =>
  askSql<Revenue>(db, ask, {
    sql: `${paid(ask)}
      SELECT entry.date::text AS date, currency, sum(amount_minor)::text AS "netMinor",
        count(DISTINCT member_id) FILTER (WHERE amount_minor > 0)::int AS "payingMembers",
        sum(amount_minor)::float8 / nullif(max(members), 0) AS "perActiveMember"
      FROM entry LEFT JOIN active USING (date) GROUP BY entry.date, currency ORDER BY entry.date, currency`,
  });

const payingMembers: Series = (db, ask) =>
  askSql<Point>(db, ask, {
    sql: `${paid(ask)}, counted AS (
        SELECT date, count(DISTINCT member_id)::int AS value FROM entry WHERE amount_minor > 0 GROUP BY date
      )
      SELECT intervals.date::text AS date, coalesce(value, 0) AS value
      FROM intervals LEFT JOIN counted USING (date) ORDER BY date`,
  });

/** In the currency of most of the community's orders: sums of different currencies mean nothing. */
const revenuePerMember: Series = (db, ask) =>
  askSql<Point>(db, ask, {
    sql: `${paid(ask)}, main AS (
        SELECT currency FROM revenue_entry WHERE community_id = $1 AND amount_minor > 0
        GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
      ), earned AS (
        SELECT date, sum(amount_minor) AS net FROM entry JOIN main USING (currency) GROUP BY date
      )
      SELECT intervals.date::text AS date, coalesce(net, 0)::float8 / nullif(members, 0) AS value
      FROM intervals LEFT JOIN earned USING (date) LEFT JOIN active USING (date) ORDER BY date`,
  });

const money = {
  source: 'payments.order.paid.v1 and payments.order.refunded.v1',
  refresh: 'Recorded with each event; computed when it is asked for.',
  isPublic: false,
  dimensions: [],
} as const;

export const revenueMetrics: readonly MetricDefinition[] = [
  {
    ...money,
    name: 'paying_members',
    meaning: 'Members who paid for anything in the interval, also where it was given back later.',
    formula: 'count of distinct buyers of orders above zero paid in the interval',
    unit: 'members',
    series: payingMembers,
  },
  {
    ...money,
    name: 'revenue_per_active_member',
    meaning:
      'What the interval brought in, per member who took part in it; before fees, taxes and the shares of authors. In the currency of most of the orders ever; `revenue` has all currencies.',
    formula: '(Σ paid − Σ given back, each on its own day) ÷ active members; null without members',
    unit: 'minor units',
    series: revenuePerMember,
  },
];
