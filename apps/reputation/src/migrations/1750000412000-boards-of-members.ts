import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members may stay off the boards; boards of a topic find the points that came for its posts. */
export class BoardsOfMembers1750000412000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE member_standing ADD COLUMN is_hidden boolean NOT NULL DEFAULT false;
      CREATE INDEX point_entry_of_subject ON point_entry (community_id, subject_id)
        INCLUDE (member_id, points, occurred_at) WHERE subject_id IS NOT NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX point_entry_of_subject;
      ALTER TABLE member_standing DROP COLUMN is_hidden;`);
  }
}
