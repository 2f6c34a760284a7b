import { sqlState, type Tx } from '@lyceum/platform';
import type { Currency } from '@lyceum/money';
import { judge, type AccountState, type Outcome, type PostedBefore, type Verdict } from './judge';
import { assertTransfer, type LedgerAccountId, type Transfer, type TransferId } from './transfer';

/**
 * Moves money: the one function that writes entries. Answers an outcome for each transfer, in order; a
 * refused one leaves no trace and is judged anew when it is asked again. A batch costs three statements
 * however long it is (a hundred is a good length), and locks its accounts in the order of their ids, so
 * that batches cannot deadlock. Hot accounts are not locked at all.
 */
export const postTransfers = async (
  tx: Tx,
  transfers: readonly Transfer[],
): Promise<readonly Outcome[]> => {
  if (transfers.length === 0) return [];
  transfers.forEach(assertTransfer);
  const accounts = await lockAccounts(tx, transfers);
  // After the lock: the same request a moment ago had the same accounts, and is now seen or not there.
  const posted = await postedBefore(tx, transfers);
  const verdict = judge(transfers, { accounts, posted });
  if (verdict.accepted.length > 0) await write(tx, verdict, accounts);
  return verdict.outcomes;
};

const postedBefore = async (
  tx: Tx,
  transfers: readonly Transfer[],
): Promise<Map<string, PostedBefore>> => {
  const rows = await tx.db.query<{ key: string; id: TransferId; fingerprint: string }[]>(
    `SELECT idempotency_key AS key, id, fingerprint FROM ledger_transfer WHERE idempotency_key = ANY($1)`,
    [transfers.map(({ idempotencyKey }) => idempotencyKey)],
  );
  return new Map(rows.map(({ key, id, fingerprint }) => [key, { transferId: id, fingerprint }]));
};

const lockAccounts = async (
  tx: Tx,
  transfers: readonly Transfer[],
): Promise<Map<LedgerAccountId, AccountState>> => {
  const ids = new Set(transfers.flatMap(({ entries }) => entries.map((entry) => entry.accountId)));
  const rows = await tx.db.query<AccountRow[]>(
    `WITH cold AS (
       SELECT * FROM ledger_account WHERE id = ANY($1) AND NOT is_hot ORDER BY id FOR NO KEY UPDATE
     )
     SELECT ${accountColumns} FROM cold
     UNION ALL
     SELECT ${accountColumns} FROM ledger_account WHERE id = ANY($1) AND is_hot`,
    [[...ids]],
  );
  return new Map(rows.map((row) => [row.id, toState(row)]));
};

interface AccountRow {
  id: LedgerAccountId;
  currency: Currency;
  isHot: boolean;
  floor: string | null;
  balance: string;
}

const accountColumns = `id, currency, is_hot AS "isHot", floor, balance`;

const toState = ({ id, currency, isHot, floor, balance }: AccountRow): AccountState => ({
  id,
  currency,
  isHot,
  floorMinor: floor === null ? null : BigInt(floor),
  balanceMinor: BigInt(balance),
});

/** Another transaction posted one of these keys a moment ago: begin again, and find it posted. */
class KeyRace extends Error {
  readonly code = '40001';
}

const write = async (
  tx: Tx,
  { accepted }: Verdict,
  accounts: ReadonlyMap<LedgerAccountId, AccountState>,
): Promise<void> => {
  const entries = accepted.flatMap(({ transferId, entries: lines }) =>
    lines.map(({ accountId, amount }, line) => ({
      transfer_id: transferId,
      line,
      account_id: accountId,
      amount_minor: amount.amountMinor.toString(),
      currency: amount.currency,
      is_hot: accounts.get(accountId)?.isHot ?? false,
    })),
  );
  const rows = accepted.map((transfer) => ({
    id: transfer.transferId,
    key: transfer.idempotencyKey,
    kind: transfer.kind,
    fingerprint: transfer.fingerprint,
  }));
  rows.sort((a, b) => (a.key < b.key ? -1 : 1)); // two batches wait for each other's keys in one order
  try {
    await tx.db.query(writeSql, [JSON.stringify(rows), JSON.stringify(entries), tx.now]);
  } catch (error) {
    if (sqlState(error) === '23505')
      throw new KeyRace('the key was posted meanwhile', { cause: error });
    throw error;
  }
};

const writeSql = `
  WITH line AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2::json) AS line
      (transfer_id uuid, line int, account_id uuid, amount_minor bigint, currency text, is_hot boolean)
  ), transfer AS (
    INSERT INTO ledger_transfer (id, idempotency_key, kind, fingerprint, posted_at)
    SELECT id, key, kind, fingerprint, $3::timestamptz
    FROM json_to_recordset($1::json) AS row (id uuid, key text, kind text, fingerprint text)
  ), unsealed AS (
    INSERT INTO ledger_unsealed (transfer_id)
    SELECT id FROM json_to_recordset($1::json) AS row (id uuid)
  ), entry AS (
    INSERT INTO ledger_entry (transfer_id, line, account_id, amount_minor, currency)
    SELECT transfer_id, line, account_id, amount_minor, currency FROM line
  ), hot AS (
    INSERT INTO ledger_hot_delta (account_id, amount_minor)
    SELECT account_id, sum(amount_minor) FROM line WHERE is_hot GROUP BY account_id
  )
  UPDATE ledger_account AS account
  SET balance = account.balance + cold.amount_minor, version = account.version + cold.entries
  FROM (
    SELECT account_id, sum(amount_minor)::bigint AS amount_minor, count(*)::int AS entries
    FROM line WHERE NOT is_hot GROUP BY account_id
  ) AS cold
  WHERE account.id = cold.account_id`;
