import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules are drafted and activated through the graph; an entry knows whose act its points came from. */
export class RulesByTheGraph1750000410000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE point_entry ADD COLUMN counterpart_id uuid;
      UPDATE point_entry AS entry SET counterpart_id = nullif(
          CASE WHEN entry.member_id = log.actor_id THEN log.subject_author_id ELSE log.actor_id END, entry.member_id)
        FROM activity_log AS log WHERE log.event_id = entry.activity_id;

      ALTER TABLE member_standing ADD COLUMN account_id uuid;
      CREATE INDEX member_standing_account ON member_standing (account_id, community_id) WHERE account_id IS NOT NULL;

      ALTER TABLE rule_set
        ADD COLUMN is_in_force boolean NOT NULL DEFAULT true,
        ADD COLUMN reason text,
        ADD COLUMN restores int,
        ADD COLUMN activated_by uuid,
        ADD COLUMN activated_at timestamptz;

      CREATE TABLE rule_draft (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL REFERENCES community,
        definition jsonb NOT NULL,
        parameters jsonb NOT NULL,
        revision int NOT NULL CHECK (revision > 0),
        edited_by uuid NOT NULL,
        edited_at timestamptz NOT NULL,
        activated_version int
      );
      CREATE INDEX rule_draft_of_community ON rule_draft (community_id, id) WHERE activated_version IS NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE rule_draft;
      ALTER TABLE rule_set DROP COLUMN is_in_force, DROP COLUMN reason, DROP COLUMN restores,
        DROP COLUMN activated_by, DROP COLUMN activated_at;
      ALTER TABLE member_standing DROP COLUMN account_id;
      ALTER TABLE point_entry DROP COLUMN counterpart_id;`);
  }
}
