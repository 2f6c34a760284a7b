import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Transfers are sealed in batches that are chained by their hashes: a changed row shows. */
export class LedgerSeals1750000324000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
    await runner.query(digest);
    await runner.query(`INSERT INTO ledger_unsealed (transfer_id) SELECT id FROM ledger_transfer`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION ledger_batch_digest(bigint);
      DROP TABLE ledger_sealed, ledger_batch, ledger_unsealed;`);
  }
}

const tables = `
  CREATE TABLE ledger_unsealed (transfer_id uuid PRIMARY KEY) WITH (autovacuum_vacuum_scale_factor = 0.02);

  CREATE TABLE ledger_batch (
    number bigint PRIMARY KEY CHECK (number > 0),
    transfers int NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz(3) NOT NULL
  );
  CREATE TABLE ledger_sealed (
    transfer_id uuid PRIMARY KEY,
    batch bigint NOT NULL REFERENCES ledger_batch (number)
  );
  CREATE INDEX ledger_sealed_of_batch ON ledger_sealed (batch);

  CREATE TRIGGER ledger_batch_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_batch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER ledger_sealed_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_sealed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;

/** Everything there is of a batch's transfers, in one order, whatever the session's settings are. */
const digest = `
  CREATE FUNCTION ledger_batch_digest(batch_number bigint) RETURNS bytea LANGUAGE sql STABLE
  SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
    SELECT sha256(convert_to(coalesce(string_agg(concat_ws('|', transfer.id, transfer.idempotency_key, transfer.kind,
      transfer.fingerprint, extract(epoch FROM transfer.posted_at), entry.line, entry.account_id, entry.amount_minor,
      entry.currency), E'\\n' ORDER BY transfer.id, entry.line), ''), 'UTF8'))
    FROM ledger_sealed AS sealed
      JOIN ledger_transfer AS transfer ON transfer.id = sealed.transfer_id
      JOIN ledger_entry AS entry ON entry.transfer_id = transfer.id
    WHERE sealed.batch = batch_number
  $$;`;
