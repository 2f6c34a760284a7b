import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who sees a community can change; the highest version told is in force. */
export class CommunityVersions1750000243000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE community ADD COLUMN version int NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE community DROP COLUMN version');
  }
}
