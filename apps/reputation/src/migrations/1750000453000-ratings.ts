import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members think of articles and products, as content tells it: satisfaction is computed from it. */
export class Ratings1750000453000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE rating (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        rater_id uuid NOT NULL,
        value smallint NOT NULL CHECK (value BETWEEN 0 AND 5),
        version int NOT NULL CHECK (version > 0)
      );
      CREATE INDEX rating_of_community ON rating (community_id, rater_id) WHERE value > 0;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rating;');
  }
}
