import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an activity counts in percent, and what was known of its actor then. */
export class Weights1750000450000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE activity_log ADD weight smallint NOT NULL DEFAULT 100 CHECK (weight BETWEEN 0 AND 100),
        ADD actor_age_days int CHECK (actor_age_days >= 0), ADD actor_is_verified boolean;
      ALTER TABLE point_entry ADD weight smallint NOT NULL DEFAULT 100;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE point_entry DROP COLUMN weight;
      ALTER TABLE activity_log DROP COLUMN weight, DROP COLUMN actor_age_days, DROP COLUMN actor_is_verified;`);
  }
}
