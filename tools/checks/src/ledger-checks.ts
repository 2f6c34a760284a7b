import { sqlCheck, type Check } from './check';

export const ledgerChecks: readonly Check[] = [
  sqlCheck({
    name: 'ledger.sums-to-zero',
    in: 'payments',
    says: 'The entries of a transfer sum to zero in each currency.',
    of: 'ledger_transfer',
    broken: `
      SELECT 'ledger_transfer ' || transfer_id AS "row", currency || ' sums to ' || sum(amount_minor) AS problem
      FROM ledger_entry GROUP BY transfer_id, currency HAVING sum(amount_minor) <> 0`,
  }),
  sqlCheck({
    name: 'ledger.two-sides',
    in: 'payments',
    says: 'A transfer has two entries or more.',
    of: 'ledger_transfer',
    broken: `
      SELECT 'ledger_transfer ' || id AS "row", count(transfer_id) || ' entries' AS problem
      FROM ledger_transfer LEFT JOIN ledger_entry ON transfer_id = id GROUP BY id HAVING count(transfer_id) < 2`,
  }),
  sqlCheck({
    name: 'ledger.balance-is-sum',
    in: 'payments',
    says: 'The balance of an account is the sum of its entries.',
    of: 'ledger_account',
    broken: `
      SELECT 'ledger_account ' || account.id AS "row", format('%s %s: balance %s, entries sum to %s',
        code, account.currency, balance + coalesce(waiting.total, 0), coalesce(entries.total, 0)) AS problem
      FROM ledger_account AS account
        LEFT JOIN (SELECT account_id, sum(amount_minor) AS total FROM ledger_entry GROUP BY 1) AS entries
          ON entries.account_id = account.id
        LEFT JOIN (SELECT account_id, sum(amount_minor) AS total FROM ledger_hot_delta GROUP BY 1) AS waiting
          ON waiting.account_id = account.id
      WHERE balance + coalesce(waiting.total, 0) <> coalesce(entries.total, 0)`,
  }),
  sqlCheck({
    name: 'ledger.above-floor',
    in: 'payments',
    says: 'No account is below its floor.',
    of: 'ledger_account WHERE floor IS NOT NULL',
    broken: `
      SELECT 'ledger_account ' || id AS "row", format('%s %s: balance %s, floor %s', code, currency, balance, floor) AS problem
      FROM ledger_account WHERE balance < floor`,
  }),
  sqlCheck({
    name: 'product.version-on-sale',
    in: 'payments',
    says: 'Every product is on sale at its newest version, and every version has a price.',
    of: 'product',
    broken: `
      SELECT 'product ' || product.id AS "row", format('version %s on sale, newest is %s', product.version, max(number)) AS problem
      FROM product LEFT JOIN product_version ON product_id = product.id
      GROUP BY product.id HAVING product.version IS DISTINCT FROM max(number)
      UNION ALL
      SELECT 'product_version ' || known.product_id || '/' || number, 'has no price'
      FROM product_version AS known
      WHERE NOT EXISTS (SELECT FROM price WHERE price.product_id = known.product_id AND price.version = number)`,
  }),
];
