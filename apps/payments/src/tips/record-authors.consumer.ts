import { AnswerPosted, ArticlePublished, CommentPosted } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Knows who wrote what can be tipped. It is told once and does not change. */
export const recordAuthors = consume({
  name: 'payments.record-authors',
  destination: 'payments',
  types: [ArticlePublished, AnswerPosted, CommentPosted],
  handle: async (tx, events) => {
    const rows = events.map(({ type, payload }) => {
      const { communityId, authorId } = payload;
      switch (type) {
        case ArticlePublished.name:
          return { type: 'article', id: payload.articleId, communityId, authorId };
        case AnswerPosted.name:
          return { type: 'answer', id: payload.answerId, communityId, authorId };
        default:
          return { type: 'comment', id: payload.commentId, communityId, authorId };
      }
    });
    await tx.db.query(
      `INSERT INTO authored_content (content_id, content_type, community_id, author_id)
       SELECT DISTINCT ON (id, type) id, type, "communityId", "authorId"
       FROM json_to_recordset($1::json) AS told (id uuid, type text, "communityId" uuid, "authorId" uuid)
       ORDER BY id, type
       ON CONFLICT (content_id, content_type) DO NOTHING`,
      [JSON.stringify(rows)],
    );
  },
});
