import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often members did what, the weights that interest is made with, and what the models found. */
export class Models1750000423000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE member_behaviour (
        community_id uuid NOT NULL,
        member_id uuid NOT NULL,
        behaviour text NOT NULL,
        times int NOT NULL,
        PRIMARY KEY (community_id, member_id, behaviour)
      ) WITH (fillfactor = 80);
      INSERT INTO member_behaviour
        SELECT community_id, actor_id, kind, count(*) FROM activity_log
        WHERE actor_id IS NOT NULL AND version = 1 AND event_id NOT IN (SELECT event_id FROM engagement_pending)
          AND kind IN ('question-asked', 'answer-posted', 'comment-posted', 'article-published', 'vote', 'favourite')
        GROUP BY 1, 2, 3;

      CREATE TABLE interest_weights (
        community_id uuid NOT NULL,
        version int NOT NULL CHECK (version > 0),
        weights jsonb NOT NULL,
        set_by uuid NOT NULL,
        set_at timestamptz NOT NULL,
        PRIMARY KEY (community_id, version)
      );

      CREATE TABLE model_report (
        community_id uuid NOT NULL,
        model text NOT NULL,
        computed_at timestamptz NOT NULL,
        revision bigint NOT NULL,
        report jsonb NOT NULL,
        PRIMARY KEY (community_id, model)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE model_report, interest_weights, member_behaviour');
  }
}
