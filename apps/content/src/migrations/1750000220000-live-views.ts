import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many of a post's views were counted here; the others came with an import. */
export class LiveViews1750000220000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE question ADD live_views int NOT NULL DEFAULT 0;
      ALTER TABLE article ADD live_views int NOT NULL DEFAULT 0;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE question DROP COLUMN live_views;
      ALTER TABLE article DROP COLUMN live_views;`);
  }
}
