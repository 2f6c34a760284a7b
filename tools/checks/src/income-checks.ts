import { sqlCheck, type Check } from './check';

/** What the ledger says of each of something: the entries of accounts of one code, by the id in the transfer's key. */
const booked = (code: string, kinds: string): string => `
  SELECT split_part(transfer.idempotency_key, ':', 2) AS id, sum(entry.amount_minor) AS total
  FROM ledger_transfer AS transfer
    JOIN ledger_entry AS entry ON entry.transfer_id = transfer.id
    JOIN ledger_account AS account ON account.id = entry.account_id AND account.code = '${code}'
  WHERE transfer.kind ${kinds} GROUP BY 1`;

/** Standing invariants of payouts, coupons, subscriptions, sponsors' budgets, and what disputes cost. */
export const incomeChecks: readonly Check[] = [
  sqlCheck({
    name: 'payout.booked',
    in: 'payments',
    says: 'A payout is taken off its creator’s earnings unless it came back, and is under way until it is decided.',
    of: 'payout',
    broken: `
      SELECT 'payout ' || payout.id AS "row", format('is %s over %s: %s taken, %s under way', status, amount_minor,
        -coalesce(taken.total, 0), coalesce(held.total, 0)) AS problem
      FROM payout
        LEFT JOIN (${booked('creator-earnings', `LIKE 'payout%'`)}) AS taken ON taken.id = payout.id::text
        LEFT JOIN (${booked('payouts', `LIKE 'payout%'`)}) AS held ON held.id = payout.id::text
      WHERE -coalesce(taken.total, 0) <> CASE WHEN status IN ('requested', 'paid') THEN amount_minor ELSE 0 END
        OR coalesce(held.total, 0) <> CASE status WHEN 'requested' THEN amount_minor ELSE 0 END`,
  }),
  sqlCheck({
    name: 'payout.of-cleared-balance',
    in: 'payments',
    says: 'No payout took more than its creator had at that moment.',
    of: `ledger_transfer WHERE kind = 'payout'`,
    broken: `
      SELECT 'ledger_transfer ' || transfer_id AS "row", format('leaves %s %s of earnings', balance, currency) AS problem
      FROM (
        SELECT entry.transfer_id, transfer.kind, account.currency, sum(entry.amount_minor) OVER (
          PARTITION BY account.id ORDER BY transfer.posted_at, entry.transfer_id, entry.line) AS balance
        FROM ledger_account AS account
          JOIN ledger_entry AS entry ON entry.account_id = account.id
          JOIN ledger_transfer AS transfer ON transfer.id = entry.transfer_id
        WHERE account.code = 'creator-earnings'
      ) AS line WHERE kind = 'payout' AND balance < 0`,
  }),
  sqlCheck({
    name: 'ledger.payouts-under-way',
    in: 'payments',
    says: 'The accounts of payouts hold what is asked for and not yet sent, and go back to zero.',
    of: `ledger_account WHERE code = 'payouts'`,
    broken: `
      SELECT 'ledger_account ' || account.id AS "row", format('holds %s %s, asked for are %s', held.total, account.currency,
        coalesce(asked.total, 0)) AS problem
      FROM ledger_account AS account
        CROSS JOIN LATERAL (
          SELECT account.balance + coalesce(sum(amount_minor), 0) AS total FROM ledger_hot_delta WHERE account_id = account.id
        ) AS held
        LEFT JOIN (
          SELECT currency, sum(amount_minor) AS total FROM payout WHERE status = 'requested' GROUP BY 1
        ) AS asked ON asked.currency = account.currency
      WHERE account.code = 'payouts' AND held.total <> coalesce(asked.total, 0)`,
  }),
  sqlCheck({
    name: 'coupon.within-limits',
    in: 'payments',
    says: 'No coupon is used more often than it may be, by all or by one customer; what was paid too late is let pass.',
    of: 'coupon',
    broken: `
      WITH used AS (
        SELECT use.coupon_id, use.customer_keys FROM coupon_use AS use
          LEFT JOIN sales_order ON sales_order.id = use.order_id
        WHERE use.released_at IS NULL AND NOT coalesce(sales_order.paid_at > sales_order.expires_at, false)
      )
      SELECT 'coupon ' || coupon.id AS "row", format('%s uses, at most %s', count(*), max_uses) AS problem
      FROM coupon JOIN used ON used.coupon_id = coupon.id
      GROUP BY coupon.id HAVING count(*) > max_uses
      UNION ALL
      SELECT 'coupon ' || coupon.id, format('%s uses by one customer, at most %s', count(*), max_uses_per_customer)
      FROM coupon JOIN used ON used.coupon_id = coupon.id CROSS JOIN LATERAL unnest(used.customer_keys) AS key
      GROUP BY coupon.id, key HAVING count(*) > max_uses_per_customer`,
  }),
  sqlCheck({
    name: 'coupon.reserved',
    in: 'payments',
    says: 'An order’s discount is that of the coupon that is used for it, and a canceled order uses none.',
    of: 'sales_order',
    broken: `
      SELECT 'sales_order ' || sales_order.id AS "row",
        format('is %s with a discount of %s, its coupon gave %s', status, sales_order.discount_minor,
          coalesce(use.discount_minor::text, 'none')) AS problem
      FROM sales_order LEFT JOIN coupon_use AS use ON use.order_id = sales_order.id
      WHERE sales_order.discount_minor <> coalesce(use.discount_minor, 0)
        OR status = 'canceled' AND use.order_id IS NOT NULL AND use.released_at IS NULL`,
  }),
  sqlCheck({
    name: 'subscription.one-period-at-a-time',
    in: 'payments',
    says: 'No time of a subscription is asked for twice.',
    of: `subscription_invoice WHERE kind = 'period' AND status <> 'void'`,
    broken: `
      SELECT 'subscription_invoice ' || one.id AS "row", format('overlaps with %s', other.id) AS problem
      FROM subscription_invoice AS one JOIN subscription_invoice AS other
        ON other.subscription_id = one.subscription_id AND other.id > one.id
      WHERE one.kind = 'period' AND other.kind = 'period' AND one.status <> 'void' AND other.status <> 'void'
        AND one.period_start < other.period_end AND other.period_start < one.period_end`,
  }),
  sqlCheck({
    name: 'subscription.entitled',
    in: 'payments',
    says: 'A subscription gives access for what is paid and its grace, not longer and not shorter.',
    of: `subscription WHERE status IN ('trialing', 'active', 'past_due')`,
    broken: `
      SELECT 'subscription ' || subscription.id AS "row",
        format('is %s and gives access until %s instead of %s', subscription.status, entitlement.ends_at, due.ends_at) AS problem
      FROM subscription
        CROSS JOIN LATERAL (
          SELECT greatest(subscription.created_at, paid_through + CASE WHEN cancel_at_period_end OR pause_at_period_end
            THEN interval '0' ELSE greatest(make_interval(days => grace_days), interval '1 hour') END) AS ends_at
        ) AS due
        LEFT JOIN entitlement ON entitlement.source_type = 'subscription' AND entitlement.source_id = subscription.id
          AND entitlement.product_id = subscription.product_id
      WHERE subscription.status IN ('trialing', 'active', 'past_due') AND paid_through IS NOT NULL
        AND entitlement.ends_at IS DISTINCT FROM due.ends_at`,
  }),
  sqlCheck({
    name: 'subscription.invoice-paid',
    in: 'payments',
    says: 'What a paid invoice asked for is the total of the order that paid it.',
    of: `subscription_invoice WHERE status = 'paid'`,
    broken: `
      SELECT 'subscription_invoice ' || invoice.id AS "row", format('asked for %s, its order is %s', invoice.total_minor,
        coalesce(sales_order.total_minor::text, 'not there')) AS problem
      FROM subscription_invoice AS invoice LEFT JOIN sales_order ON sales_order.id = invoice.order_id
      WHERE invoice.status = 'paid' AND invoice.total_minor > 0
        AND (sales_order.paid_at IS NULL OR sales_order.total_minor <> invoice.total_minor)`,
  }),
  sqlCheck({
    name: 'dispute.fee',
    in: 'payments',
    says: 'What a provider takes for a dispute is booked once it is decided, and not before.',
    of: 'dispute',
    broken: `
      SELECT 'dispute ' || dispute.id AS "row",
        format('is %s, its fee is %s, booked %s', status, fee_minor, coalesce(fee.total, 0)) AS problem
      FROM dispute LEFT JOIN (${booked('provider-fee', `= 'dispute-fee'`)}) AS fee ON fee.id = dispute.id::text
      WHERE coalesce(fee.total, 0) <> CASE status WHEN 'open' THEN 0 ELSE fee_minor END`,
  }),
  sqlCheck({
    name: 'ad.charged',
    in: 'payments',
    says: 'What a placement has spent is what the ledger took off its budget.',
    of: 'ad_placement',
    broken: `
      SELECT 'ad_placement ' || placement.id AS "row",
        format('charged %s of %s, booked %s', charged_minor, budget_minor, -coalesce(spent.total, 0)) AS problem
      FROM ad_placement AS placement
        LEFT JOIN (${booked('sponsors', `= 'ad-charge'`)}) AS spent ON spent.id = placement.id::text
      WHERE charged_minor <> -coalesce(spent.total, 0) OR charged_minor > budget_minor`,
  }),
];
