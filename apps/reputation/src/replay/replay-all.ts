import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { replayEngagement } from '../engagement/replay-engagement';
import { rebuildBadges } from '../badges/rebuild-badges';
import { rebuildPoints } from '../points/rebuild-points';
import { holdRulesAlone } from '../rule-sets/rule-books';
import { query } from '../sql';

/**
 * Computes everything again from the activity log, from zero: points, totals and metrics by day of one
 * community or of all. The result is what live processing has made, row by row. A community's points are one
 * transaction, so readers never see half of them, and what would earn points there waits meanwhile. Metrics are
 * computed beside the live counting, a stretch of days at a time.
 */
export const replayAll = async (
  db: EntityManager,
  communityId?: CommunityId,
): Promise<readonly CommunityId[]> => {
  const ids = communityId === undefined ? await communitiesInLog(db) : [communityId];
  for (const id of ids) {
    await db.transaction((tx) => replayPoints(tx, id));
    await replayEngagement(db, id);
  }
  return ids;
};

const communitiesInLog = async (db: EntityManager): Promise<CommunityId[]> => {
  const rows = await query<{ id: CommunityId }>(
    db,
    'SELECT DISTINCT community_id AS id FROM activity_log ORDER BY id',
  );
  return rows.map(({ id }) => id);
};

const replayPoints = async (db: EntityManager, communityId: CommunityId): Promise<void> => {
  await db.query('SET LOCAL statement_timeout = 0');
  await holdRulesAlone(db, [communityId]);
  await rebuildPoints(db, communityId);
  await rebuildBadges(db, communityId);
};
