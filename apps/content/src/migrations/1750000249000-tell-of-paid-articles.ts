import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tells reputation which articles are paid by now: it hears of changes only from here on. When they became paid is not
 * known any more, so they count as paid from the start.
 */
export class TellOfPaidArticles1750000249000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO outbox (destination, event_id, type, occurred_at, request_id, payload)
      SELECT 'reputation-engagement', gen_random_uuid(), 'content.article.access-changed.v1', created_at, 'migration',
        jsonb_build_object('articleId', id, 'communityId', community_id, 'authorId', author_id, 'isPaid', true,
          'version', access_version)
      FROM article WHERE access = 'paid' AND access_version > 0 ORDER BY id`);
  }

  async down(): Promise<void> {
    // What was told is heard once, however often it is told.
  }
}
