import { sqlState, type Tx } from '@lyceum/platform';
import type { Currency } from '@lyceum/money';
import type { PoolClient } from 'pg';
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

/** A statement that each connection parses and plans once. */
interface Statement {
  readonly name: string;
  readonly text: string;
}

const run = async <Row extends object>(
  { db }: Tx,
  statement: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> => {
  const connection = (await db.queryRunner?.connect()) as PoolClient | undefined; // of a transaction on PostgreSQL
  if (connection === undefined) throw new Error('transfers are posted in a transaction');
  return (await connection.query<Row>({ ...statement, values: [...values] })).rows;
};

const postedSql: Statement = {
  name: 'ledger.posted',
  text: `SELECT idempotency_key AS key, id, fingerprint FROM ledger_transfer WHERE idempotency_key = ANY($1::text[])`,
};

const postedBefore = async (
  tx: Tx,
  transfers: readonly Transfer[],
): Promise<Map<string, PostedBefore>> => {
  const keys = transfers.map(({ idempotencyKey }) => idempotencyKey);
  const rows = await run<{ key: string; id: TransferId; fingerprint: string }>(tx, postedSql, [
    keys,
  ]);
  return new Map(rows.map(({ key, id, fingerprint }) => [key, { transferId: id, fingerprint }]));
};

const accountColumns = `id, currency, is_hot AS "isHot", floor, balance`;

const lockSql: Statement = {
  name: 'ledger.lock',
  text: `
    WITH cold AS (
      SELECT * FROM ledger_account WHERE id = ANY($1::uuid[]) AND NOT is_hot ORDER BY id FOR NO KEY UPDATE
    )
    SELECT ${accountColumns} FROM cold
    UNION ALL
    SELECT ${accountColumns} FROM ledger_account WHERE id = ANY($1::uuid[]) AND is_hot`,
};

const lockAccounts = async (
  tx: Tx,
  transfers: readonly Transfer[],
): Promise<Map<LedgerAccountId, AccountState>> => {
  const ids = new Set(transfers.flatMap(({ entries }) => entries.map((entry) => entry.accountId)));
  const rows = await run<AccountRow>(tx, lockSql, [[...ids]]);
  return new Map(rows.map((row) => [row.id, toState(row)]));
};

interface AccountRow {
  id: LedgerAccountId;
  currency: Currency;
  isHot: boolean;
  floor: string | null;
  balance: string;
}

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
  // Two batches wait for each other's keys in one order.
  const rows = accepted.toSorted((a, b) => (a.idempotencyKey < b.idempotencyKey ? -1 : 1));
  const lines = accepted.flatMap(({ transferId, entries }) =>
    entries.map((entry, number) => ({ transferId, number, ...entry })),
  );
  try {
    await run(tx, writeSql, [
      rows.map(({ transferId }) => transferId),
      rows.map(({ idempotencyKey }) => idempotencyKey),
      rows.map(({ kind }) => kind),
      rows.map(({ fingerprint }) => fingerprint),
      tx.now,
      lines.map(({ transferId }) => transferId),
      lines.map(({ number }) => number),
      lines.map(({ accountId }) => accountId),
      lines.map(({ amount }) => amount.amountMinor.toString()),
      lines.map(({ amount }) => amount.currency),
      lines.map(({ accountId }) => accounts.get(accountId)?.isHot ?? false),
    ]);
  } catch (error) {
    if (sqlState(error) === '23505')
      throw new KeyRace('the key was posted meanwhile', { cause: error });
    throw error;
  }
};

const writeSql: Statement = {
  name: 'ledger.write',
  text: `
    WITH line AS MATERIALIZED (
      SELECT * FROM unnest($6::uuid[], $7::smallint[], $8::uuid[], $9::bigint[], $10::text[], $11::boolean[])
        AS line (transfer_id, line, account_id, amount_minor, currency, is_hot)
    ), transfer AS (
      INSERT INTO ledger_transfer (id, idempotency_key, kind, fingerprint, posted_at)
      SELECT id, key, kind, fingerprint, $5::timestamptz
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS row (id, key, kind, fingerprint)
    ), unsealed AS (
      INSERT INTO ledger_unsealed (transfer_id) SELECT unnest($1::uuid[])
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
    WHERE account.id = cold.account_id`,
};
