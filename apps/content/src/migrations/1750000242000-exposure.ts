import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Places in the list of a community: what is kept for newcomers, what authors weigh, who wants to be left out. */
export class Exposure1750000242000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE exposure_terms (
        community_id uuid PRIMARY KEY,
        newcomer_share smallint NOT NULL CHECK (newcomer_share BETWEEN 0 AND 50),
        newcomer_posts int NOT NULL CHECK (newcomer_posts BETWEEN 0 AND 100),
        newcomer_days int NOT NULL CHECK (newcomer_days BETWEEN 0 AND 365),
        unexposed_views int NOT NULL CHECK (unexposed_views BETWEEN 0 AND 10000)
      );
      CREATE TABLE author_weight (
        member_id uuid PRIMARY KEY,
        weight smallint NOT NULL CHECK (weight > 0),
        version int NOT NULL
      );
      -- Who is not here takes part in both ways.
      CREATE TABLE exposure_choice (
        member_id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        is_shown boolean NOT NULL,
        sees_new boolean NOT NULL
      );
      -- What an hour's lists are made of, so that their pages do not shift; for a day.
      CREATE TABLE exposure_round (
        community_id uuid NOT NULL,
        round timestamptz NOT NULL,
        posts jsonb NOT NULL,
        PRIMARY KEY (community_id, round)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE exposure_round, exposure_choice, author_weight, exposure_terms;',
    );
  }
}
