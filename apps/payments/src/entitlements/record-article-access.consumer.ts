import { ArticleAccessChanged } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Knows which articles are paid for, who wrote them, and what would unlock them. */
export const recordArticleAccess = consume({
  name: 'payments.record-article-access',
  destination: 'payments',
  types: [ArticleAccessChanged],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO paid_article (article_id, community_id, author_id, is_paid, version)
       SELECT DISTINCT ON ("articleId") "articleId", "communityId", "authorId", "isPaid", version
       FROM json_to_recordset($1::json) AS told
         ("articleId" uuid, "communityId" uuid, "authorId" uuid, "isPaid" boolean, version int)
       ORDER BY "articleId", version DESC
       ON CONFLICT (article_id) DO UPDATE
         SET is_paid = excluded.is_paid, author_id = excluded.author_id, version = excluded.version
         WHERE paid_article.version < excluded.version`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
