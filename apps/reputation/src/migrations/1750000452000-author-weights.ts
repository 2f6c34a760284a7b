import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What authors weigh in lists, as it was told to those who make them. */
export class AuthorWeights1750000452000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE member_weight (
        member_id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        weight smallint NOT NULL,
        version int NOT NULL CHECK (version > 0)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE member_weight;');
  }
}
