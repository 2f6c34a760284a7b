import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far a replay of points has come, for one that goes on after it was stopped. */
export class ReplayPosition1750000464000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE replay_position (community_id uuid PRIMARY KEY, member_id uuid NOT NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE replay_position');
  }
}
