import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { rebuildEngagement } from '../engagement/rebuild-engagement';
import { rebuildBadges } from '../badges/rebuild-badges';
import { rebuildPoints } from '../points/rebuild-points';
import { holdRulesAlone } from '../rule-sets/rule-books';
import { query } from '../sql';

/**
 * Computes everything again from the activity log, from zero: points, totals and metrics by day of one
 * community or of all. The result is what live processing has made, row by row. Each community is one
 * transaction, so readers never see half of it; activity of that community waits meanwhile.
 */
export const replayAll = async (
  db: EntityManager,
  communityId?: CommunityId,
): Promise<readonly CommunityId[]> => {
  const ids = communityId === undefined ? await communitiesInLog(db) : [communityId];
  for (const id of ids) await db.transaction((tx) => replay(tx, id));
  return ids;
};

const communitiesInLog = async (db: EntityManager): Promise<CommunityId[]> => {
  const rows = await query<{ id: CommunityId }>(
    db,
    'SELECT DISTINCT community_id AS id FROM activity_log ORDER BY id',
  );
  return rows.map(({ id }) => id);
};

const replay = async (db: EntityManager, communityId: CommunityId): Promise<void> => {
  await db.query('SET LOCAL statement_timeout = 0');
  await holdRulesAlone(db, [communityId]);
  await rebuildPoints(db, communityId);
  await rebuildBadges(db, communityId);
  await rebuildEngagement(db, communityId);
};
