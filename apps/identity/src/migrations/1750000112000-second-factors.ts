import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One-time codes, what helps when they are lost, and log-ins that wait for them. */
export class SecondFactors1750000112000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE totp (
        account_id uuid PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
        sealed_secret text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        confirmed_at timestamptz(3),
        last_step int NOT NULL DEFAULT 0
      );

      CREATE TABLE recovery_code (
        account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        hash text NOT NULL,
        PRIMARY KEY (account_id, hash)
      );

      CREATE TABLE login_challenge (
        hash text PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        reactivates boolean NOT NULL,
        tries int NOT NULL DEFAULT 0,
        expires_at timestamptz(3) NOT NULL
      );
      CREATE INDEX login_challenge_account ON login_challenge (account_id);
      CREATE INDEX login_challenge_expires ON login_challenge (expires_at);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE login_challenge, recovery_code, totp');
  }
}
