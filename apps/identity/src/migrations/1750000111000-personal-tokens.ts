import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens for programs, of people and of service accounts. */
export class PersonalTokens1750000111000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE personal_token (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        name text NOT NULL,
        hash text NOT NULL,
        hint text NOT NULL,
        scopes text[] NOT NULL,
        created_by uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        revoked_at timestamptz(3)
      );
      CREATE UNIQUE INDEX personal_token_hash ON personal_token (hash);
      CREATE INDEX personal_token_account ON personal_token (account_id, created_at, id);
      CREATE INDEX personal_token_revoked ON personal_token (revoked_at) WHERE revoked_at IS NOT NULL;

      CREATE TABLE service_account (
        account_id uuid PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
        community_id uuid NOT NULL REFERENCES community (id) ON DELETE CASCADE,
        created_at timestamptz(3) NOT NULL
      );
      CREATE INDEX service_account_community ON service_account (community_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE service_account, personal_token');
  }
}
