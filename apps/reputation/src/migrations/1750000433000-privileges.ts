import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members may not do yet, as it was told to those who enforce it. */
export class Privileges1750000433000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE member_privileges (
        member_id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        withheld text[] NOT NULL,
        version int NOT NULL CHECK (version > 0)
      );
      CREATE INDEX member_privileges_of_community ON member_privileges (community_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE member_privileges;');
  }
}
