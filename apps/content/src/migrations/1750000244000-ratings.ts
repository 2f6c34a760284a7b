import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members think of what they read or bought; and by which product they own it, and who sold it. */
export class Ratings1750000244000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE entitlement ADD product_id uuid, ADD seller_id uuid;
      CREATE INDEX entitlement_of_product ON entitlement (product_id, account_id);

      -- Value 0: taken back; the row stays, so that its versions go on.
      CREATE TABLE rating (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        subject_type text NOT NULL CHECK (subject_type IN ('article', 'product')),
        subject_id uuid NOT NULL,
        rater_id uuid NOT NULL,
        value smallint NOT NULL CHECK (value BETWEEN 0 AND 5),
        text_source text,
        text_html text NOT NULL DEFAULT '',
        version int NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        edited_at timestamptz(3),
        UNIQUE (subject_id, rater_id)
      );
      CREATE INDEX rating_of_subject ON rating (subject_id, created_at, id) WHERE value > 0;
      CREATE INDEX rating_of_rater ON rating (rater_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE rating;
      ALTER TABLE entitlement DROP COLUMN product_id, DROP COLUMN seller_id;`);
  }
}
