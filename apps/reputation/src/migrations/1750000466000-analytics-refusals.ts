import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who does not want to be counted by name. */
export class AnalyticsRefusals1750000466000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE analytics_consent (
        account_id uuid PRIMARY KEY,
        is_given boolean NOT NULL,
        version int NOT NULL
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE analytics_consent;');
  }
}
