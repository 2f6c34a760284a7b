import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Checks the entries of a statement together, where it was two look-ups and a sum for each: most of what posting cost.
 * What is refused, and when, stays the same.
 */
export class LedgerBatchChecks1750000360000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(uneven);
    await runner.query(entriesHold);
    await runner.query(`
      DROP TRIGGER ledger_sums_to_zero ON ledger_entry;
      DROP FUNCTION ledger_sums_to_zero();
      ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_account,
        DROP CONSTRAINT ledger_entry_transfer_id_fkey;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER ledger_entries_hold ON ledger_entry;
      DROP FUNCTION ledger_entries_hold();
      DROP TRIGGER ledger_account_stays ON ledger_account;
      DROP TABLE ledger_uneven;
      DROP FUNCTION ledger_uneven_at_commit();
      ALTER TABLE ledger_entry
        ADD CONSTRAINT ledger_entry_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES ledger_transfer (id),
        ADD CONSTRAINT ledger_entry_account FOREIGN KEY (account_id, currency) REFERENCES ledger_account (id, currency);`);
    await runner.query(perEntry);
  }
}

/*
 * The transfers to which a statement has added entries that do not sum to zero by themselves. They must do so with the
 * others when the transaction commits, and then the row goes. Nobody who posts in one statement ever leaves one.
 */
const uneven = `
  CREATE TABLE ledger_uneven (transfer_id uuid NOT NULL);

  CREATE FUNCTION ledger_uneven_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    wrong text;
  BEGIN
    DELETE FROM ledger_uneven WHERE transfer_id = NEW.transfer_id;
    SELECT currency INTO wrong FROM ledger_entry WHERE transfer_id = NEW.transfer_id
      GROUP BY currency HAVING sum(amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'transfer % does not sum to zero in %', NEW.transfer_id, wrong
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_sums_to_zero', TABLE = 'ledger_entry';
    END IF;
    RETURN NULL;
  END $$;

  CREATE CONSTRAINT TRIGGER ledger_sums_to_zero AFTER INSERT ON ledger_uneven
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_uneven_at_commit();`;

/*
 * What foreign keys would check row by row, and lock the accounts for. Those never go and never change their currency,
 * and transfers never change at all: so what an entry refers to stays. A session plans this once, perhaps while the
 * tables are small: it must not read all of them ever after.
 */
const entriesHold = `
  CREATE TRIGGER ledger_account_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, currency ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

  CREATE FUNCTION ledger_entries_hold() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  DECLARE
    stray text;
  BEGIN
    SELECT format('account %s in %s', entry.account_id, entry.currency) INTO stray
      FROM (SELECT DISTINCT account_id, currency FROM added) AS entry
        LEFT JOIN ledger_account AS account ON account.id = entry.account_id AND account.currency = entry.currency
      WHERE account.id IS NULL LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'an entry of no %', stray USING ERRCODE = 'foreign_key_violation',
        CONSTRAINT = 'ledger_entry_account', TABLE = 'ledger_entry';
    END IF;
    WITH part AS (
      SELECT transfer_id, bool_or(total <> 0) AS is_uneven
      FROM (SELECT transfer_id, sum(amount_minor) AS total FROM added GROUP BY transfer_id, currency) AS each
      GROUP BY transfer_id
    ), late AS (
      INSERT INTO ledger_uneven (transfer_id) SELECT transfer_id FROM part WHERE is_uneven
    )
    SELECT part.transfer_id::text INTO stray
      FROM part LEFT JOIN ledger_transfer AS transfer ON transfer.id = part.transfer_id
      WHERE transfer.id IS NULL LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'an entry of no transfer %', stray USING ERRCODE = 'foreign_key_violation',
        CONSTRAINT = 'ledger_entry_transfer', TABLE = 'ledger_entry';
    END IF;
    RETURN NULL;
  END $$;

  CREATE TRIGGER ledger_entries_hold AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_hold();`;

/** As it was before. */
const perEntry = `
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
