import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was found about votes, what was taken back for it, and who decided otherwise. */
export class FairPlay1750000432000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE fair_play_case (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('ring', 'series')),
        members uuid[] NOT NULL,
        vote_keys text[] NOT NULL,
        evidence text NOT NULL,
        status text NOT NULL CHECK (status IN ('reversed', 'dismissed')),
        found_at timestamptz NOT NULL,
        dismissed_by uuid,
        dismissed_at timestamptz,
        dismissed_because text
      );
      CREATE INDEX fair_play_case_of_community ON fair_play_case (community_id, id);
      CREATE TABLE fair_play_inspection (
        community_id uuid PRIMARY KEY,
        inspected_at timestamptz NOT NULL
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE fair_play_case, fair_play_inspection;');
  }
}
