import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of how members take part, the tiers that follow from it, and every change of tier. */
export class Tiers1750000126000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE member_facts (
        member_id uuid PRIMARY KEY REFERENCES member (id),
        community_id uuid NOT NULL,
        contributions int NOT NULL,
        accepted_answers int NOT NULL,
        recent_contributions int NOT NULL,
        lessons_completed int NOT NULL,
        last_active_at timestamptz(3),
        tier text NOT NULL CHECK (tier IN ('novice', 'intermediate', 'advanced'))
      );
      CREATE INDEX member_facts_community ON member_facts (community_id, member_id);

      CREATE TABLE tier_change (
        member_id uuid NOT NULL REFERENCES member (id),
        changed_at timestamptz(3) NOT NULL,
        from_tier text NOT NULL,
        to_tier text NOT NULL,
        reason text NOT NULL,
        PRIMARY KEY (member_id, changed_at)
      );
      CREATE TABLE fact_cursor (
        source text PRIMARY KEY,
        seen_until timestamptz(3) NOT NULL
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE fact_cursor, tier_change, member_facts;');
  }
}
