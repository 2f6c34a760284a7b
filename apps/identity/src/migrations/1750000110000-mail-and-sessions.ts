import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
  ALTER TABLE account
    ADD COLUMN email_verified_at timestamptz(3),
    ADD COLUMN deactivated_at timestamptz(3);

  CREATE TABLE proof (
    id uuid PRIMARY KEY,
    hash text NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN
      ('verify-email', 'reset-password', 'leave-email', 'enter-email', 'claim-account')),
    email text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3) NOT NULL
  );
  CREATE UNIQUE INDEX proof_hash ON proof (hash);
  CREATE INDEX proof_account ON proof (account_id);
  CREATE INDEX proof_expires ON proof (expires_at);

  CREATE TABLE mail (
    id uuid PRIMARY KEY,
    account_id uuid REFERENCES account (id) ON DELETE CASCADE,
    recipient text NOT NULL,
    template text NOT NULL,
    locale text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    proof_id uuid,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'kept', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    next_try_at timestamptz(3) NOT NULL,
    created_at timestamptz(3) NOT NULL
  );
  CREATE INDEX mail_due ON mail (next_try_at) WHERE state = 'waiting';
  CREATE INDEX mail_account ON mail (account_id);
  CREATE INDEX mail_created ON mail (created_at, id);

  CREATE TABLE email_change (
    account_id uuid PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    new_email text NOT NULL,
    is_left boolean NOT NULL,
    is_entered boolean NOT NULL DEFAULT false,
    expires_at timestamptz(3) NOT NULL
  );

  ALTER TABLE session
    ADD COLUMN user_agent text,
    ADD COLUMN client text,
    ADD COLUMN last_used_at timestamptz(3),
    DROP CONSTRAINT session_revoked_because_check,
    ADD CONSTRAINT session_revoked_because_check
      CHECK (revoked_because IN ('logout', 'reuse', 'revoked', 'password', 'deactivated'));
  CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL;`;

/** Mail that is to be sent, what following its links proves, and what a session shows of its device. */
export class MailAndSessions1750000110000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX session_revoked;
      ALTER TABLE session DROP COLUMN user_agent, DROP COLUMN client, DROP COLUMN last_used_at;
      DROP TABLE email_change, mail, proof;
      ALTER TABLE account DROP COLUMN email_verified_at, DROP COLUMN deactivated_at;`);
  }
}
