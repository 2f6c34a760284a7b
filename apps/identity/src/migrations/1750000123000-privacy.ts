import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Consents with their history, exports of what is held about a person, and erasures with their receipts. */
export class Privacy1750000123000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE consent (
        account_id uuid NOT NULL,
        purpose text NOT NULL CHECK (purpose IN
          ('analytics', 'personalisation', 'profiling', 'marketing', 'cross-border')),
        version int NOT NULL CHECK (version > 0),
        is_given boolean NOT NULL,
        decided_at timestamptz(3) NOT NULL,
        PRIMARY KEY (account_id, purpose, version)
      );

      CREATE TABLE data_export (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'expired')),
        requested_at timestamptz(3) NOT NULL,
        ready_at timestamptz(3),
        expires_at timestamptz(3),
        digest text,
        archive bytea
      );
      CREATE INDEX data_export_account ON data_export (account_id, requested_at);
      CREATE UNIQUE INDEX data_export_waiting ON data_export (account_id) WHERE state = 'waiting';
      CREATE INDEX data_export_state ON data_export (state, requested_at) WHERE state <> 'expired';

      CREATE TABLE erasure (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL,
        receipt_hash text NOT NULL,
        requested_at timestamptz(3) NOT NULL,
        completed_at timestamptz(3)
      );
      CREATE UNIQUE INDEX erasure_account ON erasure (account_id);
      CREATE UNIQUE INDEX erasure_receipt ON erasure (receipt_hash);
      CREATE TABLE erasure_part (
        erasure_id uuid NOT NULL REFERENCES erasure (id),
        part text NOT NULL,
        tables jsonb NOT NULL,
        erased_at timestamptz(3) NOT NULL,
        PRIMARY KEY (erasure_id, part)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE erasure_part, erasure, data_export, consent;');
  }
}
