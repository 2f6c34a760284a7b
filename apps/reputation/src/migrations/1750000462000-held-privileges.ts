import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Some privileges let members do what else only moderators may: that a member has them is told too. */
export class HeldPrivileges1750000462000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      `ALTER TABLE member_privileges ADD COLUMN held text[] NOT NULL DEFAULT '{}'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE member_privileges DROP COLUMN held');
  }
}
