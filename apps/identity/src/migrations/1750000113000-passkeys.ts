import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passkeys, and the challenges that wait for one. */
export class Passkeys1750000113000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE passkey (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        credential_id text NOT NULL,
        public_key text NOT NULL,
        counter bigint NOT NULL,
        transports text[] NOT NULL,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3)
      );
      CREATE UNIQUE INDEX passkey_credential ON passkey (credential_id);
      CREATE INDEX passkey_account ON passkey (account_id);

      CREATE TABLE passkey_challenge (
        challenge text PRIMARY KEY,
        account_id uuid REFERENCES account (id) ON DELETE CASCADE,
        expires_at timestamptz(3) NOT NULL
      );
      CREATE INDEX passkey_challenge_account ON passkey_challenge (account_id);
      CREATE INDEX passkey_challenge_expires ON passkey_challenge (expires_at);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE passkey_challenge, passkey');
  }
}
