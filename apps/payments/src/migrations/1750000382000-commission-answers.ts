import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a commission was first quoted. What was quoted before stays without. */
export class CommissionAnswers1750000382000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE commission ADD COLUMN quoted_at timestamptz(3)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE commission DROP COLUMN quoted_at');
  }
}
