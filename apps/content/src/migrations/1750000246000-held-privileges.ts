import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members may do by their points that others may not: rules can let them edit, review and close. */
export class HeldPrivileges1750000246000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      `ALTER TABLE withheld_privileges ADD COLUMN held text[] NOT NULL DEFAULT '{}'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withheld_privileges DROP COLUMN held');
  }
}
