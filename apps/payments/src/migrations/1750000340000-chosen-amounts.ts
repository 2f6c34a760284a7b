import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Prices that buyers choose, and lines of more than one. */
export class ChosenAmounts1750000340000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL lock_timeout = '5s';
      ALTER TABLE price
        ADD COLUMN suggested_minor bigint,
        ADD CONSTRAINT price_suggested_minor CHECK (suggested_minor IS NULL OR suggested_minor >= amount_minor AND interval = 'one-off');
      ALTER TABLE order_line
        ADD COLUMN quantity int NOT NULL DEFAULT 1 CONSTRAINT order_line_quantity CHECK (quantity > 0);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE order_line DROP COLUMN quantity;
      ALTER TABLE price DROP COLUMN suggested_minor;`);
  }
}
