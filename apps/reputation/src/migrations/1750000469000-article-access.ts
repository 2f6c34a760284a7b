import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when which article has been paid or free, as content tells it: every version, so that the past can be asked for. */
export class ArticleAccess1750000469000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE article_access (
        community_id uuid NOT NULL,
        article_id uuid NOT NULL,
        version int NOT NULL CHECK (version > 0),
        is_paid boolean NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (community_id, article_id, version)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE article_access;');
  }
}
