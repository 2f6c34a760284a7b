import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a community's metrics have changed, downloads that were allowed, and alert rules. */
export class LiveAnalytics1750000422000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE metric_revision (
        community_id uuid PRIMARY KEY,
        revision bigint NOT NULL,
        changed_at timestamptz NOT NULL
      ) WITH (fillfactor = 50);

      CREATE TABLE download_ticket (
        token_hash bytea PRIMARY KEY,
        community_id uuid NOT NULL,
        asked jsonb NOT NULL,
        account_id uuid NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX download_ticket_expiry ON download_ticket (expires_at);

      CREATE TABLE alert_rule (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        name text NOT NULL,
        metric text NOT NULL,
        "interval" text NOT NULL,
        tag text,
        segment text,
        condition jsonb NOT NULL,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'quiet' CHECK (state IN ('quiet', 'firing')),
        since timestamptz,
        evaluated_at timestamptz,
        deleted_at timestamptz
      );
      CREATE INDEX alert_rule_of_community ON alert_rule (community_id, id) WHERE deleted_at IS NULL;
      CREATE INDEX alert_rule_due ON alert_rule (evaluated_at NULLS FIRST) WHERE deleted_at IS NULL;

      CREATE TABLE alert_change (
        id uuid PRIMARY KEY,
        rule_id uuid NOT NULL REFERENCES alert_rule,
        state text NOT NULL,
        at timestamptz NOT NULL,
        value float8,
        reason text NOT NULL
      );
      CREATE INDEX alert_change_of_rule ON alert_change (rule_id, id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE alert_change, alert_rule, download_ticket, metric_revision');
  }
}
