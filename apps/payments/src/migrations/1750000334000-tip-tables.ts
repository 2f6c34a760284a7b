import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who wrote what can be tipped, and the tips. */
export class TipTables1750000334000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tip, authored_content');
  }
}

const tables = `
  CREATE TABLE authored_content (
    content_id uuid NOT NULL,
    content_type text NOT NULL CHECK (content_type IN ('article', 'answer', 'comment')),
    community_id uuid NOT NULL,
    author_id uuid,
    PRIMARY KEY (content_id, content_type)
  );

  CREATE TABLE tip (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES sales_order (id),
    community_id uuid NOT NULL,
    content_type text NOT NULL,
    content_id uuid NOT NULL,
    author_id uuid NOT NULL,
    tipper_id uuid NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL,
    message text CHECK (char_length(message) <= 280),
    created_at timestamptz(3) NOT NULL,
    settled_at timestamptz(3),
    refunded_at timestamptz(3),
    FOREIGN KEY (content_id, content_type) REFERENCES authored_content (content_id, content_type)
  );
  CREATE INDEX tip_of_content ON tip (content_id, content_type, currency) WHERE settled_at IS NOT NULL;
  CREATE INDEX tip_of_order ON tip (order_id);`;
