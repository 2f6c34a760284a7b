import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What earned a badge, one row a cause; and how the log finds what belongs to a thread or to a member. */
export class Badges1750000430000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE badge_award (
        community_id uuid NOT NULL,
        member_id uuid NOT NULL,
        badge text NOT NULL,
        subject_id text NOT NULL,
        subject_type text,
        awarded_at timestamptz NOT NULL,
        figure int NOT NULL,
        PRIMARY KEY (member_id, badge, subject_id)
      );
      CREATE INDEX badge_award_of_community ON badge_award (community_id, badge, awarded_at);
      CREATE INDEX badge_award_of_subject ON badge_award (community_id, subject_id) WHERE subject_id <> '';

      CREATE INDEX activity_answers ON activity_log (community_id, parent_id) WHERE kind = 'answer-posted';
      CREATE INDEX activity_votes ON activity_log (community_id, subject_id) WHERE kind = 'vote';
      CREATE INDEX activity_of_actor ON activity_log (actor_id, kind) WHERE actor_id IS NOT NULL AND kind <> 'vote';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX activity_answers; DROP INDEX activity_votes; DROP INDEX activity_of_actor;
      DROP TABLE badge_award;`);
  }
}
