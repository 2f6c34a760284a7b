import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What identity tells of rules and archives, and the roles it has since. */
export class Charters1750000210000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE membership DROP CONSTRAINT membership_role_check;
      ALTER TABLE membership ADD CONSTRAINT membership_role_check CHECK (role IN
        ('owner', 'admin', 'moderator', 'expert', 'lecturer', 'contributor', 'analyst', 'member')) NOT VALID;
      ALTER TABLE membership VALIDATE CONSTRAINT membership_role_check;

      CREATE TABLE charter (
        community_id uuid NOT NULL,
        version int NOT NULL,
        in_force_from timestamptz(3) NOT NULL,
        PRIMARY KEY (community_id, version)
      );
      CREATE TABLE charter_acceptance (
        member_id uuid PRIMARY KEY,
        version int NOT NULL
      );
      CREATE TABLE community_archive (
        community_id uuid PRIMARY KEY,
        version int NOT NULL,
        is_archived boolean NOT NULL
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE community_archive, charter_acceptance, charter;');
  }
}
