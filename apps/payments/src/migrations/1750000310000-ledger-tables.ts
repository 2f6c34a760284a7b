import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Double entry: accounts, and transfers whose entries sum to zero and never change. */
export class LedgerTables1750000310000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
    await runner.query(sumsToZero);
    await runner.query(appendOnly);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE ledger_hot_delta, ledger_entry, ledger_transfer, ledger_account;
      DROP FUNCTION ledger_sums_to_zero();`);
  }
}

// Balances change with every transfer: the free space keeps such updates within their page (HOT).
const tables = `
  CREATE TABLE ledger_account (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    owner_id uuid,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    floor bigint,
    is_hot boolean NOT NULL,
    balance bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0,
    CONSTRAINT ledger_account_name UNIQUE NULLS NOT DISTINCT (code, owner_id, currency),
    CONSTRAINT ledger_account_currency UNIQUE (id, currency),
    CONSTRAINT ledger_account_floor CHECK (floor IS NULL OR balance >= floor),
    CONSTRAINT ledger_account_hot_has_no_floor CHECK (NOT is_hot OR floor IS NULL)
  ) WITH (fillfactor = 70);

  CREATE TABLE ledger_transfer (
    id uuid PRIMARY KEY,
    idempotency_key text NOT NULL,
    kind text NOT NULL,
    fingerprint text NOT NULL,
    posted_at timestamptz NOT NULL
  );
  CREATE UNIQUE INDEX ledger_transfer_key ON ledger_transfer (idempotency_key);

  CREATE TABLE ledger_entry (
    transfer_id uuid NOT NULL REFERENCES ledger_transfer (id),
    line smallint NOT NULL,
    account_id uuid NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    currency text NOT NULL,
    PRIMARY KEY (transfer_id, line),
    CONSTRAINT ledger_entry_account FOREIGN KEY (account_id, currency) REFERENCES ledger_account (id, currency)
  );
  CREATE INDEX ledger_entry_of_account ON ledger_entry (account_id, transfer_id);

  CREATE TABLE ledger_hot_delta (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid NOT NULL,
    amount_minor bigint NOT NULL
  ) WITH (autovacuum_vacuum_scale_factor = 0.02);
  CREATE INDEX ledger_hot_delta_of_account ON ledger_hot_delta (account_id);`;

/** Checked when the transaction commits, whoever wrote the entries. */
const sumsToZero = `
  CREATE FUNCTION ledger_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    uneven text;
  BEGIN
    SELECT currency INTO uneven FROM ledger_entry WHERE transfer_id = NEW.transfer_id
      GROUP BY currency HAVING sum(amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'transfer % does not sum to zero in %', NEW.transfer_id, uneven
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_sums_to_zero', TABLE = 'ledger_entry';
    END IF;
    RETURN NULL;
  END $$;

  CREATE CONSTRAINT TRIGGER ledger_sums_to_zero AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sums_to_zero();`;

/*
 * Twice over: triggers, which hold for superusers too, and privileges, which hold where the app's role is
 * none. UPDATE on transfers stays granted because a foreign key's check locks the row it refers to, and
 * needs that privilege to; the trigger refuses it all the same.
 */
const appendOnly = `
  CREATE TRIGGER ledger_transfer_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER ledger_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entry FROM PUBLIC, CURRENT_USER;
  REVOKE DELETE, TRUNCATE ON ledger_transfer FROM PUBLIC, CURRENT_USER;`;
