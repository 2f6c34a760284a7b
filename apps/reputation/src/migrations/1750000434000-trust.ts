import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far members are trusted, with what it was measured by. */
export class Trust1750000434000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE member_trust (
        member_id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        level int NOT NULL CHECK (level >= 0),
        since timestamptz NOT NULL,
        facts jsonb NOT NULL,
        measured_at timestamptz NOT NULL
      );
      CREATE INDEX member_trust_of_community ON member_trust (community_id, level);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE member_trust;');
  }
}
