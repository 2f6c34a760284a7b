import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Questions by the words of their titles, in any language; and which idempotency keys are old. */
export class QuestionSearch1750000201000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE INDEX question_title_search ON question USING gin (title gin_trgm_ops);
      CREATE INDEX idempotency_key_age ON idempotency_key (created_at);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX idempotency_key_age, question_title_search');
  }
}
