import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a provider charges for a dispute, apart from the money that is disputed. */
export class DisputeFees1750000351000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE dispute
        ADD COLUMN fee_minor bigint NOT NULL DEFAULT 0 CONSTRAINT dispute_fee CHECK (fee_minor >= 0),
        ADD COLUMN fee_currency text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dispute DROP COLUMN fee_minor, DROP COLUMN fee_currency');
  }
}
