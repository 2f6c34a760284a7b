import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { activitiesAfter, type LogPosition } from '../activity/activity-log';
import { ruleBooks } from '../rule-sets/rule-books';
import { projectPoints } from './project-points';

const pageSize = 2_000;

/**
 * Computes all points of a community again from its activity log, with the rules as they are now. The
 * caller holds the rules alone. Reads and writes in pages: memory stays the same however long the log is.
 */
export const rebuildPoints = async (db: EntityManager, communityId: CommunityId): Promise<void> => {
  await clearPoints(db, communityId);
  const books = await ruleBooks(db, [communityId]);
  let after: LogPosition | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof activitiesAfter>> = await activitiesAfter(
      db,
      communityId,
      { after, limit: pageSize },
    );
    await projectPoints(db, books, page);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last;
  }
};

const clearPoints = async (db: EntityManager, communityId: CommunityId): Promise<void> => {
  await db.query('SET LOCAL statement_timeout = 0');
  await db.query(
    `DELETE FROM point_entry WHERE member_id IN (SELECT member_id FROM member_standing WHERE community_id = $1)`,
    [communityId],
  );
  await db.query('DELETE FROM member_day WHERE community_id = $1', [communityId]);
  await db.query('UPDATE member_standing SET total = 0 WHERE community_id = $1 AND total <> 0', [
    communityId,
  ]);
};
