import { money, type Currency } from '@lyceum/money';
import type { EntityManager } from 'typeorm';
import { Invoice } from './invoice.type';
import { ProductSubscription, type Plan, type Subscription } from './subscription.type';

/*
 * Subscriptions and invoices, to and from their tables, many at a time: a clock that comes to a thousand of them
 * must not ask a thousand times.
 */

/** Property → column and its SQL type. */
const subscriptionColumns = {
  id: 'id uuid',
  communityId: 'community_id uuid',
  accountId: 'account_id uuid',
  memberId: 'member_id uuid',
  status: 'status text',
  productId: 'product_id uuid',
  productVersion: 'product_version int',
  priceId: 'price_id uuid',
  interval: 'interval text',
  amountMinor: 'amount_minor bigint',
  currency: 'currency text',
  pendingPriceId: 'pending_price_id uuid',
  anchorAt: 'anchor_at timestamptz',
  periodNumber: 'period_number int',
  periodStart: 'period_start timestamptz',
  periodEnd: 'period_end timestamptz',
  periodPaidMinor: 'period_paid_minor bigint',
  paidThrough: 'paid_through timestamptz',
  trialEndsAt: 'trial_ends_at timestamptz',
  graceDays: 'grace_days int',
  cancelAtPeriodEnd: 'cancel_at_period_end boolean',
  pauseAtPeriodEnd: 'pause_at_period_end boolean',
  resumesAt: 'resumes_at timestamptz',
  pastDueSince: 'past_due_since timestamptz',
  declines: 'declines int',
  reminderAt: 'reminder_at timestamptz',
  nextActionAt: 'next_action_at timestamptz',
  endedAt: 'ended_at timestamptz',
  couponId: 'coupon_id uuid',
  couponEndsAt: 'coupon_ends_at timestamptz',
  campaignId: 'campaign_id uuid',
  createdAt: 'created_at timestamptz',
  version: 'version int',
} as const;

const invoiceColumns = {
  id: 'id uuid',
  subscriptionId: 'subscription_id uuid',
  kind: 'kind text',
  status: 'status text',
  productId: 'product_id uuid',
  priceId: 'price_id uuid',
  periodStart: 'period_start timestamptz',
  periodEnd: 'period_end timestamptz',
  lines: 'lines jsonb',
  totalMinor: 'total_minor bigint',
  currency: 'currency text',
  declines: 'declines int',
  nextAttemptAt: 'next_attempt_at timestamptz',
  chargeId: 'charge_id uuid',
  chargingSince: 'charging_since timestamptz',
  chargeRef: 'charge_ref text',
  chargeProvider: 'charge_provider text',
  problem: 'problem text',
  orderId: 'order_id uuid',
  createdAt: 'created_at timestamptz',
  paidAt: 'paid_at timestamptz',
} as const;

type Columns = Readonly<Record<string, string>>;

const nameOf = (column: string): string => column.split(' ')[0] ?? column;
const namesOf = (columns: Columns): string => Object.values(columns).map(nameOf).join(', ');
const selected = (table: string, columns: Columns): string =>
  Object.entries(columns)
    .map(([property, column]) => `${table}.${nameOf(column)} AS "${property}"`)
    .join(', ');

const insertSql = (table: string, columns: Columns): string =>
  `INSERT INTO ${table} (${namesOf(columns)}) SELECT ${namesOf(columns)}
   FROM json_to_recordset($1::json) AS row (${Object.values(columns).join(', ')})`;

const updateSql = (table: string, columns: Columns): string => {
  const changing = Object.values(columns)
    .map(nameOf)
    .filter((name) => name !== 'id');
  return `UPDATE ${table} SET ${changing.map((name) => `${name} = row.${name}`).join(', ')}
    FROM json_to_recordset($1::json) AS row (${Object.values(columns).join(', ')}) WHERE ${table}.id = row.id`;
};

/** Rows as JSON in the tables' words: whole numbers as text, what is not a column left out. */
const toJson = (rows: readonly object[], columns: Columns): string =>
  JSON.stringify(
    rows.map((row) => {
      const values = row as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        Object.entries(columns).map(([property, column]) => [
          nameOf(column),
          typeof values[property] === 'bigint' ? String(values[property]) : values[property],
        ]),
      );
    }),
  );

type SubscriptionRow = Omit<Subscription, 'pendingPlan' | 'amountMinor' | 'periodPaidMinor'> & {
  readonly amountMinor: string;
  readonly periodPaidMinor: string;
  readonly pendingPriceId: Plan['priceId'] | null;
  readonly pendingProductId: Plan['productId'];
  readonly pendingVersion: number;
  readonly pendingInterval: Plan['interval'];
  readonly pendingAmount: string;
  readonly pendingCurrency: Currency;
};

/** Subscriptions that match; `where` is SQL of ours about `subscription`, with its parameters from $1. */
export const selectSubscriptions = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<ProductSubscription[]> => {
  const rows = await db.query<SubscriptionRow[]>(
    `SELECT ${selected('subscription', subscriptionColumns)}, pending.product_id AS "pendingProductId",
       pending.version AS "pendingVersion", pending.interval AS "pendingInterval",
       pending.amount_minor AS "pendingAmount", pending.currency AS "pendingCurrency"
     FROM subscription LEFT JOIN price AS pending ON pending.id = subscription.pending_price_id
     WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) =>
    Object.assign(new ProductSubscription(), row, {
      amountMinor: BigInt(row.amountMinor),
      periodPaidMinor: BigInt(row.periodPaidMinor),
      pendingPlan: pendingPlanOf(row),
    }),
  );
};

const pendingPlanOf = (row: SubscriptionRow): Plan | null =>
  row.pendingPriceId === null
    ? null
    : {
        priceId: row.pendingPriceId,
        productId: row.pendingProductId,
        productVersion: row.pendingVersion,
        interval: row.pendingInterval,
        amount: money(BigInt(row.pendingAmount), row.pendingCurrency),
      };

/** The subscription, and nobody else changes it or its invoices until the transaction ends. */
export const lockSubscription = async (
  db: EntityManager,
  id: string,
): Promise<ProductSubscription | null> =>
  (await selectSubscriptions(db, 'subscription.id = $1 FOR UPDATE OF subscription', [id]))[0] ??
  null;

const withPending = (rows: readonly Subscription[]): readonly object[] =>
  rows.map((row) => ({ ...row, pendingPriceId: row.pendingPlan?.priceId ?? null }));

export const insertSubscription = (db: EntityManager, row: Subscription): Promise<unknown> =>
  db.query(insertSql('subscription', subscriptionColumns), [
    toJson(withPending([row]), subscriptionColumns),
  ]);

/** Writes changed subscriptions, each with its next version. They are locked. */
export const updateSubscriptions = async (
  db: EntityManager,
  rows: readonly Subscription[],
): Promise<void> => {
  if (rows.length === 0) return;
  const next = withPending(rows).map((row, n) => ({
    ...row,
    version: (rows[n]?.version ?? 0) + 1,
  }));
  await db.query(updateSql('subscription', subscriptionColumns), [
    toJson(next, subscriptionColumns),
  ]);
};

/** Invoices that match; `where` is SQL of ours about `subscription_invoice`, with its parameters from $1. */
export const selectInvoices = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Invoice[]> => {
  const rows = await db.query<(Omit<Invoice, 'totalMinor'> & { totalMinor: string })[]>(
    `SELECT ${selected('subscription_invoice', invoiceColumns)} FROM subscription_invoice WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) =>
    Object.assign(new Invoice(), row, { totalMinor: BigInt(row.totalMinor) }),
  );
};

/** What the subscription asks for and has not been given; at most one at a time. */
export const openInvoiceOf = async (
  db: EntityManager,
  subscriptionId: string,
): Promise<Invoice | null> =>
  (await selectInvoices(db, `subscription_id = $1 AND status = 'open'`, [subscriptionId]))[0] ??
  null;

export const insertInvoices = async (
  db: EntityManager,
  rows: readonly Invoice[],
): Promise<void> => {
  if (rows.length > 0)
    await db.query(insertSql('subscription_invoice', invoiceColumns), [
      toJson(rows, invoiceColumns),
    ]);
};

export const updateInvoices = async (
  db: EntityManager,
  rows: readonly Invoice[],
): Promise<void> => {
  if (rows.length > 0)
    await db.query(updateSql('subscription_invoice', invoiceColumns), [
      toJson(rows, invoiceColumns),
    ]);
};
