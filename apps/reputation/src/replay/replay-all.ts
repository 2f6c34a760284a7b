import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { replayEngagement } from '../engagement/replay-engagement';
import { replayBadges } from '../badges/rebuild-badges';
import { query } from '../sql';
import { replayPoints, type PointsReplay } from './replay-points';

/**
 * Computes everything again from the activity log, from zero: points, totals and metrics by day of one
 * community or of all. The result is what live processing has made, row by row. Points are computed some members at a
 * time and metrics a stretch of days at a time, in short transactions beside the live work.
 */
export const replayAll = async (
  db: EntityManager,
  communityId?: CommunityId,
  options: Omit<PointsReplay, 'communityId'> = {},
): Promise<readonly CommunityId[]> => {
  const ids = communityId === undefined ? await communitiesInLog(db) : [communityId];
  for (const id of ids) {
    await replayPoints(db, { ...options, communityId: id });
    await replayBadges(db, id);
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
