import { sqlCheck, type Check } from './check';

/** Standing invariants of orders, payments, refunds and disputes: what the ledger says of them, they say of themselves. */
export const paymentChecks: readonly Check[] = [
  sqlCheck({
    name: 'ledger.seals',
    in: 'payments',
    says: 'Every sealed transfer is as it was sealed, and no batch of the chain is missing.',
    of: 'ledger_sealed',
    broken: `
      SELECT 'ledger_batch ' || number || ', from ledger_transfer ' ||
          (SELECT min(transfer_id::text) FROM ledger_sealed WHERE batch = number) AS "row",
        CASE WHEN hash <> sha256(previous_hash || ledger_batch_digest(number))
          THEN 'a transfer of it was changed' ELSE 'does not follow the batch before it' END AS problem
      FROM (
        SELECT *, coalesce(lag(hash) OVER (ORDER BY number), ''::bytea) AS expected,
          row_number() OVER (ORDER BY number) AS position
        FROM ledger_batch
      ) AS batch
      WHERE hash <> sha256(previous_hash || ledger_batch_digest(number)) OR previous_hash <> expected OR number <> position
      UNION ALL
      SELECT 'ledger_transfer ' || sealed.transfer_id, 'was sealed, and is gone'
      FROM ledger_sealed AS sealed LEFT JOIN ledger_transfer AS transfer ON transfer.id = sealed.transfer_id
      WHERE transfer.id IS NULL
      UNION ALL
      SELECT 'ledger_transfer ' || transfer.id, 'is neither sealed nor waits to be'
      FROM ledger_transfer AS transfer
      WHERE NOT EXISTS (SELECT FROM ledger_sealed WHERE transfer_id = transfer.id)
        AND NOT EXISTS (SELECT FROM ledger_unsealed WHERE transfer_id = transfer.id)`,
  }),
  sqlCheck({
    name: 'ledger.clearing-is-empty',
    in: 'payments',
    says: 'No payment is without a purpose: every clearing account is back at zero.',
    of: `ledger_account WHERE code = 'provider-clearing'`,
    broken: `
      SELECT 'ledger_account ' || account.id AS "row",
        format('%s holds %s that nobody has assigned', currency, balance + coalesce(waiting.total, 0)) AS problem
      FROM ledger_account AS account
        LEFT JOIN (SELECT account_id, sum(amount_minor) AS total FROM ledger_hot_delta GROUP BY 1) AS waiting
          ON waiting.account_id = account.id
      WHERE code = 'provider-clearing' AND balance + coalesce(waiting.total, 0) <> 0`,
  }),
  sqlCheck({
    name: 'ledger.refunds-under-way',
    in: 'payments',
    says: 'A refund holds its amount until it is settled or failed, and nothing then.',
    of: 'refund',
    broken: `
      SELECT 'refund ' || refund.id AS "row",
        format('is %s and holds %s of %s', status, coalesce(held.total, 0), amount_minor) AS problem
      FROM refund LEFT JOIN (
        SELECT split_part(transfer.idempotency_key, ':', 2) AS refund_id, sum(entry.amount_minor) AS total
        FROM ledger_transfer AS transfer
          JOIN ledger_entry AS entry ON entry.transfer_id = transfer.id
          JOIN ledger_account AS account ON account.id = entry.account_id AND account.code = 'refunds'
        WHERE transfer.kind IN ('refund', 'refund-settled', 'refund-failed') GROUP BY 1
      ) AS held ON held.refund_id = refund.id::text
      WHERE coalesce(held.total, 0) <> CASE WHEN status IN ('requested', 'pending') THEN amount_minor ELSE 0 END`,
  }),
  sqlCheck({
    name: 'ledger.disputes-frozen',
    in: 'payments',
    says: 'A dispute holds what it froze while it is open, and nothing when it is decided.',
    of: 'dispute',
    broken: `
      SELECT 'dispute ' || dispute.id AS "row",
        format('is %s and holds %s of %s', status, coalesce(account.balance, 0), frozen.total) AS problem
      FROM dispute
        CROSS JOIN LATERAL (
          SELECT coalesce(sum((part ->> 2)::bigint), 0) AS total FROM jsonb_array_elements(taken) AS part
        ) AS frozen
        LEFT JOIN ledger_account AS account
          ON account.code = 'disputes' AND account.owner_id = dispute.id AND account.currency = dispute.currency
      WHERE coalesce(account.balance, 0) <> CASE status WHEN 'open' THEN frozen.total ELSE 0 END`,
  }),
  sqlCheck({
    name: 'order.credits',
    in: 'payments',
    says: 'What a paid order gave to accounts is its total less the fee.',
    of: `sales_order WHERE paid_at IS NOT NULL`,
    broken: `
      SELECT 'sales_order ' || sales_order.id AS "row",
        format('total %s, fee %s, credits %s', total_minor, fee_minor, coalesce(credits.total, 0)) AS problem
      FROM sales_order LEFT JOIN (
        SELECT order_id, sum(amount_minor) AS total FROM order_credit GROUP BY 1
      ) AS credits ON credits.order_id = sales_order.id
      WHERE paid_at IS NOT NULL AND total_minor - fee_minor <> coalesce(credits.total, 0)`,
  }),
  sqlCheck({
    name: 'order.lines',
    in: 'payments',
    says: 'The lines of an order add up to its total.',
    of: 'sales_order',
    broken: `
      SELECT 'sales_order ' || sales_order.id AS "row",
        format('total %s, lines %s', total_minor, coalesce(lines.total, 0)) AS problem
      FROM sales_order LEFT JOIN (
        SELECT order_id, sum(amount_minor) AS total FROM order_line GROUP BY 1
      ) AS lines ON lines.order_id = sales_order.id
      WHERE total_minor <> coalesce(lines.total, 0)`,
  }),
  sqlCheck({
    name: 'order.refunded',
    in: 'payments',
    says: 'What an order says went back is its refunds that did not fail and its disputes that were lost.',
    of: 'sales_order WHERE paid_at IS NOT NULL',
    broken: `
      SELECT 'sales_order ' || sales_order.id AS "row",
        format('refunded %s, counted %s', refunded_minor, coalesce(back.total, 0)) AS problem
      FROM sales_order LEFT JOIN (
        SELECT order_id, sum(amount_minor) AS total FROM (
          SELECT order_id, amount_minor FROM refund WHERE origin = 'order' AND status <> 'failed'
          UNION ALL
          SELECT order_id, (part ->> 2)::bigint FROM dispute, jsonb_array_elements(taken) AS part WHERE status = 'lost'
        ) AS each GROUP BY 1
      ) AS back ON back.order_id = sales_order.id
      WHERE paid_at IS NOT NULL AND refunded_minor <> coalesce(back.total, 0)`,
  }),
  sqlCheck({
    name: 'payment.booked',
    in: 'payments',
    says: 'Every settled payment was booked, once, for its amount.',
    of: `payment WHERE status = 'settled'`,
    broken: `
      SELECT 'payment ' || payment.id AS "row",
        format('settled %s %s, booked %s', amount_minor, currency, coalesce(booked.total, 0)) AS problem
      FROM payment LEFT JOIN (
        SELECT transfer.idempotency_key AS key, sum(-entry.amount_minor) AS total
        FROM ledger_transfer AS transfer
          JOIN ledger_entry AS entry ON entry.transfer_id = transfer.id
          JOIN ledger_account AS account ON account.id = entry.account_id AND account.code = 'provider-balance'
        WHERE transfer.kind = 'payment' GROUP BY 1
      ) AS booked ON booked.key = 'payment:' || payment.id
      WHERE payment.status = 'settled' AND payment.amount_minor <> coalesce(booked.total, 0)`,
  }),
  sqlCheck({
    name: 'entitlement.paid-for',
    in: 'payments',
    says: 'Nobody has a right from an order that was not paid.',
    of: `entitlement WHERE source_type = 'order'`,
    broken: `
      SELECT 'entitlement ' || entitlement.id AS "row", format('order %s is %s', source_id, coalesce(sales_order.status, 'not there')) AS problem
      FROM entitlement LEFT JOIN sales_order ON sales_order.id = entitlement.source_id
      WHERE source_type = 'order' AND entitlement.status <> 'revoked' AND sales_order.paid_at IS NULL`,
  }),
  sqlCheck({
    name: 'product.stock',
    in: 'payments',
    says: 'What is held of a product is held by orders that wait to be paid.',
    of: 'product_stock',
    broken: `
      SELECT 'product_stock ' || stock.product_id AS "row", format('held %s, orders hold %s', held, coalesce(waiting.n, 0)) AS problem
      FROM product_stock AS stock LEFT JOIN (
        SELECT product_id, sum(quantity) AS n FROM order_line JOIN sales_order ON sales_order.id = order_id
        WHERE holds_stock AND status = 'awaiting-payment' GROUP BY 1
      ) AS waiting ON waiting.product_id = stock.product_id
      WHERE held <> coalesce(waiting.n, 0)`,
  }),
  sqlCheck({
    name: 'webhook.understood',
    in: 'payments',
    says: 'No delivery of a provider was given up.',
    of: 'provider_webhook',
    broken: `
      SELECT 'provider_webhook ' || id AS "row", format('%s %s: %s', provider, type, problem) AS problem
      FROM provider_webhook WHERE status = 'failed'`,
  }),
];
