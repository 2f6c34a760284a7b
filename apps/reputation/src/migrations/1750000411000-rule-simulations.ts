import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What rules would have made of history, kept so that who activates them sees what was simulated. */
export class RuleSimulations1750000411000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE rule_simulation (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        draft_id uuid NOT NULL REFERENCES rule_draft,
        draft_revision int NOT NULL,
        definition jsonb NOT NULL,
        parameters jsonb NOT NULL,
        since date,
        status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'done', 'failed')),
        progress real NOT NULL DEFAULT 0,
        alive_at timestamptz,
        requested_by uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        finished_at timestamptz,
        summary jsonb
      );
      CREATE INDEX rule_simulation_of_draft ON rule_simulation (draft_id, draft_revision, id);
      CREATE INDEX rule_simulation_waiting ON rule_simulation (requested_at) WHERE status IN ('queued', 'running');

      CREATE TABLE rule_simulation_member (
        simulation_id uuid NOT NULL REFERENCES rule_simulation ON DELETE CASCADE,
        member_id uuid NOT NULL,
        before int NOT NULL,
        after int NOT NULL,
        gain int NOT NULL GENERATED ALWAYS AS (after - before) STORED,
        rank_before int,
        rank_after int,
        level_before int NOT NULL,
        level_after int NOT NULL,
        PRIMARY KEY (simulation_id, member_id)
      );
      CREATE INDEX rule_simulation_gain ON rule_simulation_member (simulation_id, gain, member_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rule_simulation_member, rule_simulation;');
  }
}
