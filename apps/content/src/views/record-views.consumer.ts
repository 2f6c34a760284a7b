import { ViewsCounted } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

const tables = [
  ['question', 'question'],
  ['article', 'article'],
] as const;

/**
 * Keeps the view counts of posts up to date. The number told only grows, so the greatest is right in whatever order
 * they come; views that an import brought along stay.
 */
export const recordViews = consume({
  name: 'content.record-views',
  destination: 'content',
  types: [ViewsCounted],
  handle: async (tx, events) => {
    for (const [type, table] of tables) {
      const told = events.flatMap(({ payload }) => (payload.subjectType === type ? [payload] : []));
      if (told.length === 0) continue;
      await tx.db.query(
        `WITH told AS (
           SELECT id, max(views) AS views FROM unnest($1::uuid[], $2::int[]) AS told (id, views) GROUP BY id
         ), held AS (
           SELECT id FROM ${table} WHERE id IN (SELECT id FROM told) ORDER BY id FOR UPDATE
         )
         UPDATE ${table} AS post SET view_count = post.view_count + told.views - post.live_views, live_views = told.views
         FROM told JOIN held USING (id) WHERE post.id = told.id AND told.views > post.live_views`,
        [told.map(({ subjectId }) => subjectId), told.map(({ views }) => views)],
      );
    }
  },
});
