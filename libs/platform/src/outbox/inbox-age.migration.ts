import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds old inbox rows without reading the table: they were written in the order of their age. */
export class InboxAge1750000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('CREATE INDEX inbox_age ON inbox USING brin (consumed_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_age');
  }
}
