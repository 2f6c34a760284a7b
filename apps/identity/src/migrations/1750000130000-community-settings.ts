import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders what other domains are told of a community's time zone and visibility. */
export class CommunitySettings1750000130000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE community ADD COLUMN settings_version int NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE community DROP COLUMN settings_version');
  }
}
