import type { EntityManager } from 'typeorm';
import { accessEndsAt } from '../subscriptions/lifecycle';
import { selectSubscriptions } from '../subscriptions/rows';

/** What is true after every history. Each query selects what contradicts it. */
const queries: Readonly<Record<string, string>> = {
  'every transfer sums to zero': `SELECT transfer_id FROM ledger_entry GROUP BY 1, currency HAVING sum(amount_minor) <> 0`,
  'all money is somewhere': `SELECT currency FROM ledger_entry GROUP BY 1 HAVING sum(amount_minor) <> 0`,
  'balances are the sums of their entries': `
    SELECT account.id FROM ledger_account AS account
    WHERE balance + coalesce((SELECT sum(amount_minor) FROM ledger_hot_delta WHERE account_id = account.id), 0)
      <> coalesce((SELECT sum(amount_minor) FROM ledger_entry WHERE account_id = account.id), 0)`,
  'sealed batches are as they were sealed': `
    SELECT number FROM ledger_batch WHERE hash <> sha256(previous_hash || ledger_batch_digest(number))`,
  // What cannot even be given back stays there, for the standing checks to tell an operator of.
  'clearing holds only what nobody takes': `
    SELECT held.n FROM
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM ledger_entry JOIN ledger_account AS account ON account.id = account_id
       WHERE code = 'provider-clearing') AS held,
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM refund WHERE origin = 'unassigned' AND status = 'failed') AS stuck
    WHERE held.n <> stuck.n`,
  'refunds hold what is under way': `
    SELECT held.n FROM
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM ledger_entry JOIN ledger_account AS account ON account.id = account_id
       WHERE code = 'refunds') AS held,
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM refund WHERE status IN ('requested', 'pending')) AS due
    WHERE held.n <> due.n`,
  'payouts hold what is to be sent': `
    SELECT held.n FROM
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM ledger_entry JOIN ledger_account AS account ON account.id = account_id
       WHERE code = 'payouts') AS held,
      (SELECT coalesce(sum(amount_minor), 0) AS n FROM payout WHERE status = 'requested') AS due
    WHERE held.n <> due.n`,
  'disputes hold what is open': `
    SELECT account.id FROM ledger_account AS account LEFT JOIN dispute ON dispute.id = account.owner_id
    WHERE code = 'disputes' AND (balance <> 0) <> (dispute.status = 'open' AND dispute.taken <> '[]')`,
  'a payment is booked once, an order divided once': `
    SELECT order_id FROM payment JOIN ledger_transfer ON idempotency_key = 'payment:' || payment.id
    WHERE payment.status <> 'settled'
    UNION ALL SELECT id FROM payment WHERE status = 'settled'
      AND NOT EXISTS (SELECT FROM ledger_transfer WHERE idempotency_key = 'payment:' || payment.id)`,
  'nobody has a thing twice': `
    SELECT account_id FROM entitlement WHERE status <> 'revoked' AND source_type = 'order'
    GROUP BY account_id, product_id HAVING count(*) > 1`,
  'no more is sold than there is': `SELECT product_id FROM product_stock WHERE held + sold > capacity`,
  'nothing is held for what is decided': `
    SELECT product_id FROM product_stock WHERE held <>
      (SELECT count(*) FROM order_line AS line JOIN sales_order ON sales_order.id = order_id
       WHERE line.product_id = product_stock.product_id AND holds_stock AND status = 'awaiting-payment')`,
  'no coupon is used more often than it may be': `
    SELECT coupon.id FROM coupon JOIN coupon_use ON coupon_id = coupon.id AND released_at IS NULL
    WHERE max_uses IS NOT NULL GROUP BY coupon.id HAVING count(*) > max_uses`,
  'an invoice is paid by one settled payment': `
    SELECT invoice.id FROM subscription_invoice AS invoice
      LEFT JOIN payment ON payment.order_id = invoice.order_id AND payment.status = 'settled'
    WHERE invoice.status = 'paid' AND invoice.total_minor > 0 GROUP BY invoice.id HAVING count(payment.id) <> 1`,
};

/**
 * The access that an order gives is a function of what happened to it, in whatever order: nothing before it is paid;
 * a dispute that was lost, or a refund that says so, ends it; an open dispute suspends it. What was bought again
 * meanwhile needs no reviving.
 */
const accessOfOrders = `
  SELECT * FROM (
    SELECT sales_order.id, entitlement.status AS found, CASE
      WHEN paid_at IS NULL THEN NULL
      WHEN EXISTS (SELECT FROM dispute WHERE order_id = sales_order.id AND status = 'lost') THEN 'revoked'
      WHEN EXISTS (SELECT FROM refund WHERE order_id = sales_order.id AND origin = 'order' AND status <> 'failed' AND ends_access)
        THEN 'revoked'
      WHEN EXISTS (SELECT FROM dispute WHERE order_id = sales_order.id AND status = 'open') THEN 'suspended'
      ELSE 'active' END AS expected,
      EXISTS (SELECT FROM entitlement AS other WHERE other.account_id = entitlement.account_id AND other.source_type = 'order'
        AND other.product_id = entitlement.product_id AND other.id <> entitlement.id AND other.status <> 'revoked') AS is_bought_again
    FROM sales_order JOIN order_line AS line ON line.order_id = sales_order.id AND purpose = 'product'
      LEFT JOIN entitlement ON source_type = 'order' AND source_id = sales_order.id
  ) AS access
  WHERE found IS DISTINCT FROM expected AND NOT (found = 'revoked' AND is_bought_again)`;

/** Until when subscriptions give access is a function of their state. */
const subscriptionsWithOtherAccess = async (db: EntityManager): Promise<unknown[]> => {
  const subscriptions = await selectSubscriptions(db, 'true', []);
  const given = await db.query<{ id: string; productId: string; endsAt: Date | null }[]>(
    `SELECT source_id AS id, product_id AS "productId", ends_at AS "endsAt" FROM entitlement
     WHERE source_type = 'subscription'`,
  );
  return subscriptions.filter((subscription) => {
    const { id, productId, createdAt } = subscription;
    const found = given.find((grant) => grant.id === id && grant.productId === productId);
    const endsAt = accessEndsAt(subscription);
    const expected = endsAt === null ? undefined : Math.max(+endsAt, +createdAt);
    return found?.endsAt?.getTime() !== expected;
  });
};

/** For tests: what contradicts the invariants, by their names. */
export const broken = async (db: EntityManager): Promise<Record<string, unknown[]>> => {
  const found: Record<string, unknown[]> = {
    'access is what was paid for': await db.query<unknown[]>(accessOfOrders),
    'access follows its subscription': await subscriptionsWithOtherAccess(db),
  };
  for (const [name, sql] of Object.entries(queries)) found[name] = await db.query<unknown[]>(sql);
  return Object.fromEntries(Object.entries(found).filter(([, rows]) => rows.length > 0));
};
