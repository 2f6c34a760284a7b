import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How old accounts are and whether their addresses are verified: goes with votes, for fair play. */
export class AccountsOnRecord1750000241000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE account_on_record (
        account_id uuid PRIMARY KEY,
        registered_at timestamptz(3),
        verified_at timestamptz(3)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_on_record;');
  }
}
