import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Log-ins by other sites. */
export class ExternalLogins1750000114000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE external_login (
        provider text NOT NULL,
        subject text NOT NULL,
        account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        created_at timestamptz(3) NOT NULL,
        PRIMARY KEY (provider, subject)
      );
      CREATE INDEX external_login_account ON external_login (account_id);

      CREATE TABLE external_login_attempt (
        state text PRIMARY KEY,
        provider text NOT NULL,
        binding_hash text NOT NULL,
        account_id uuid REFERENCES account (id) ON DELETE CASCADE,
        expires_at timestamptz(3) NOT NULL
      );
      CREATE INDEX external_login_attempt_account ON external_login_attempt (account_id);
      CREATE INDEX external_login_attempt_expires ON external_login_attempt (expires_at);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE external_login_attempt, external_login');
  }
}
