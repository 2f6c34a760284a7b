import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { rebuildBehaviour } from '../behaviour/count-behaviour';
import { rebuildLogged } from '../models/member-behaviour';
import type { Day } from '../rules';
import { query } from '../sql';
import { localDay, rememberPosts } from './count';
import { bumpRevisions } from './revision';
import { holdMetrics, rollUp, tablesOfMetrics } from './roll-up';

const daysAtOnce = 366;

/** Computes all metrics of a community again from its activity log, in its time zone as it is now. */
export const rebuildEngagement = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<void> => {
  await db.query('SET LOCAL statement_timeout = 0');
  await rebuildBehaviour(db, communityId);
  await holdMetrics(db, [communityId]);
  await bumpRevisions(db, [communityId]); // last of the locks, as where new activity is counted
  for (const table of tablesOfMetrics)
    await db.query(`DELETE FROM ${table} WHERE community_id = $1`, [communityId]);
  await db.query(
    `WITH log AS (SELECT * FROM activity_log WHERE community_id = $1) ${rememberPosts}`,
    [communityId],
  );
  await rebuildLogged(db, communityId);
  const days = await query<{ day: Day }>(
    db,
    `SELECT DISTINCT ${localDay}::text AS day
     FROM activity_log LEFT JOIN community ON community.id = community_id WHERE community_id = $1 ORDER BY day`,
    [communityId],
  );
  for (let start = 0; start < days.length; start += daysAtOnce) {
    const some = days.slice(start, start + daysAtOnce);
    await rollUp(
      db,
      some.map(({ day }) => ({ communityId, day })),
    );
  }
};
