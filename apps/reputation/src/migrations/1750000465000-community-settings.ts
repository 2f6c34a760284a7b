import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who sees a community, and its time zone, can change; the highest version told is in force. */
export class CommunitySettings1750000465000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE community
        ADD COLUMN visibility text NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'private')),
        ADD COLUMN settings_version int NOT NULL DEFAULT 0;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE community DROP COLUMN visibility, DROP COLUMN settings_version;',
    );
  }
}
