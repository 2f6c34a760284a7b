import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was asked for a charge that is not decided: nobody else is asked before that is. */
export class ChargingProvider1750000353000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE subscription_invoice ADD COLUMN charge_provider text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE subscription_invoice DROP COLUMN charge_provider');
  }
}
