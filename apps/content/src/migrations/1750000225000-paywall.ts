import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Articles that are for those who paid, and who has: payments decides it, and this is what was told. */
export class Paywall1750000225000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE article
        ADD COLUMN access text NOT NULL DEFAULT 'free' CHECK (access IN ('free', 'paid')),
        ADD COLUMN preview_source text,
        ADD COLUMN preview_html text NOT NULL DEFAULT '',
        ADD COLUMN access_version int NOT NULL DEFAULT 0;

      CREATE TABLE entitlement (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL,
        community_id uuid NOT NULL,
        status text NOT NULL,
        starts_at timestamptz(3) NOT NULL,
        ends_at timestamptz(3),
        version int NOT NULL
      );
      CREATE INDEX entitlement_of_account ON entitlement (account_id, community_id) WHERE status = 'active';

      CREATE TABLE entitlement_grant (
        entitlement_id uuid NOT NULL REFERENCES entitlement (id) ON DELETE CASCADE,
        subject_type text NOT NULL,
        subject_id uuid NOT NULL,
        PRIMARY KEY (entitlement_id, subject_type, subject_id)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE entitlement_grant, entitlement;
      ALTER TABLE article DROP COLUMN access, DROP COLUMN preview_source, DROP COLUMN preview_html,
        DROP COLUMN access_version;`);
  }
}
