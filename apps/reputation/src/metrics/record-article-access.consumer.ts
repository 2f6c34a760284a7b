import { ArticleAccessChanged } from '@lyceum/contracts';
import { consume, type Consumer, type Signals } from '@lyceum/platform';
import { engagementTopic } from '../engagement/engagement-topic';
import { bumpRevisions } from '../engagement/revision';

/** Keeps every version of who an article is for, each once, so repeated and unordered events change nothing. */
export const recordArticleAccess = (signals: Signals): Consumer =>
  consume({
    name: 'reputation.record-article-access',
    destination: 'reputation-engagement',
    types: [ArticleAccessChanged],
    handle: async (tx, events) => {
      await tx.db.query(
        `INSERT INTO article_access (community_id, article_id, version, is_paid, changed_at)
         SELECT "communityId", "articleId", version, "isPaid", "changedAt"
         FROM json_to_recordset($1::json) AS told
           ("communityId" uuid, "articleId" uuid, version int, "isPaid" boolean, "changedAt" timestamptz)
         ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING`,
        [
          JSON.stringify(
            events.map(({ payload, occurredAt }) => ({ ...payload, changedAt: occurredAt })),
          ),
        ],
      );
      const communityIds = [...new Set(events.map(({ payload }) => payload.communityId))];
      await bumpRevisions(tx.db, communityIds);
      tx.afterCommit(() => {
        for (const communityId of communityIds) signals.publish(engagementTopic(communityId));
      });
    },
  });
