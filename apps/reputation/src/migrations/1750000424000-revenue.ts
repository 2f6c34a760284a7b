import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members paid and got back, as payments tells it. */
export class Revenue1750000424000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE revenue_entry (
        source text PRIMARY KEY,
        community_id uuid NOT NULL,
        order_id uuid NOT NULL,
        member_id uuid,
        amount_minor bigint NOT NULL,
        currency text NOT NULL,
        occurred_at timestamptz NOT NULL
      );
      CREATE INDEX revenue_entry_in_time ON revenue_entry (community_id, occurred_at);
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON revenue_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_change();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE revenue_entry');
  }
}
