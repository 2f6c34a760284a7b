import { newId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import type { EntityManager } from 'typeorm';
import { traitsOf, type AccountCode } from './chart';
import type { LedgerAccountId } from './transfer';

/** Names an account: what it is for, whose it is (null is the platform's), in which currency. */
export interface AccountName {
  readonly code: AccountCode;
  readonly ownerId: string | null;
  readonly currency: Currency;
}

/** The id of the account of that name, which is opened when there is none. */
export const openAccount = async (
  db: EntityManager,
  { code, ownerId, currency }: AccountName,
): Promise<LedgerAccountId> => {
  const { floorMinor, isHot } = traitsOf(code);
  const find = `SELECT id FROM ledger_account WHERE code = $1 AND owner_id IS NOT DISTINCT FROM $2::uuid AND currency = $3`;
  const name = [code, ownerId, currency];
  const known = await db.query<{ id: LedgerAccountId }[]>(find, name);
  if (known[0] !== undefined) return known[0].id;
  await db.query(
    `INSERT INTO ledger_account (code, owner_id, currency, id, floor, is_hot)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code, owner_id, currency) DO NOTHING`,
    [...name, newId<'LedgerAccount'>(), floorMinor?.toString() ?? null, isHot],
  );
  const [opened] = await db.query<{ id: LedgerAccountId }[]>(find, name);
  if (opened === undefined) throw new Error(`no account ${code} ${currency} after opening it`);
  return opened.id;
};

/** What the account holds now. For a hot one that is what was folded and what was not yet. */
export const balanceOf = async (db: EntityManager, accountId: LedgerAccountId): Promise<Money> => {
  const [row] = await db.query<{ balance: string; currency: Currency }[]>(
    `SELECT (account.balance + coalesce(
       (SELECT sum(amount_minor) FROM ledger_hot_delta WHERE account_id = account.id), 0))::text AS balance,
       account.currency
     FROM ledger_account AS account WHERE account.id = $1`,
    [accountId],
  );
  if (row === undefined) throw new Error(`there is no account ${accountId}`);
  return money(BigInt(row.balance), row.currency);
};

/**
 * Adds what waits to the balances of hot accounts; returns how many rows it took. Rows are claimed by
 * deleting them, in the same statement that adds them up: none is lost or counted twice, whatever commits
 * meanwhile and however many fold at once.
 */
export const foldHotBalances = async (db: EntityManager, limit = 10_000): Promise<number> => {
  const [row] = await db.query<{ taken: number }[]>(
    `WITH claimed AS (
       SELECT id FROM ledger_hot_delta ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
     ), taken AS (
       DELETE FROM ledger_hot_delta WHERE id IN (SELECT id FROM claimed) RETURNING account_id, amount_minor
     ), folded AS (
       UPDATE ledger_account AS account
       SET balance = account.balance + part.amount_minor, version = account.version + 1
       FROM (SELECT account_id, sum(amount_minor)::bigint AS amount_minor FROM taken GROUP BY account_id) AS part
       WHERE account.id = part.account_id
     )
     SELECT count(*)::int AS taken FROM taken`,
    [limit],
  );
  return row?.taken ?? 0;
};
