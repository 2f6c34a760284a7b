import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links by which buyers come, and the orders that came by them. An order keeps its campaign for good. */
export class Campaigns1750000381000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE campaign (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        code text NOT NULL CONSTRAINT campaign_code_is_slug CHECK (code ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
        name text NOT NULL CONSTRAINT campaign_name CHECK (char_length(name) BETWEEN 1 AND 200),
        product_ids uuid[] NOT NULL DEFAULT '{}',
        starts_at timestamptz(3),
        ends_at timestamptz(3),
        created_by_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        archived_at timestamptz(3),
        CONSTRAINT campaign_window CHECK (ends_at > starts_at)
      );
      CREATE UNIQUE INDEX campaign_code ON campaign (community_id, code);
      CREATE INDEX campaign_of_community ON campaign (community_id, id);

      ALTER TABLE subscription ADD COLUMN campaign_id uuid REFERENCES campaign (id);
      ALTER TABLE sales_order ADD COLUMN campaign_id uuid REFERENCES campaign (id);
      CREATE INDEX sales_order_of_campaign ON sales_order (campaign_id) WHERE campaign_id IS NOT NULL;
      CREATE TRIGGER sales_order_keeps_campaign BEFORE UPDATE OF campaign_id ON sales_order
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER sales_order_keeps_campaign ON sales_order;
      ALTER TABLE sales_order DROP COLUMN campaign_id;
      ALTER TABLE subscription DROP COLUMN campaign_id;
      DROP TABLE campaign;`);
  }
}
