import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { rebuildBehaviour } from '../behaviour/count-behaviour';
import { rebuildLogged } from '../models/member-behaviour';
import type { Day } from '../rules';
import { query } from '../sql';
import { isCounted, localDay, rememberPosts } from './count';
import { bumpRevisions } from './revision';
import { holdMetrics, rollUp } from './roll-up';

/** So many days are computed again in one transaction. */
const daysAtOnce = 31;

/**
 * Computes all metrics of a community again while it lives: stretch by stretch, each a short transaction, so that
 * new activity is counted between them and waits for one of them at most. What is new is left to who counts what is
 * new: it is pending, and no stretch looks at it. Readers see each day as it was or as it is, never half of it.
 */
export const replayEngagement = async (
  db: EntityManager,
  communityId: CommunityId,
  afterStretch: () => Promise<void> = () => Promise.resolve(),
): Promise<void> => {
  const stretch = async (work: (tx: EntityManager) => Promise<void>): Promise<void> => {
    await db.transaction(async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      await work(tx);
    });
    await afterStretch();
  };
  await stretch((tx) => rebuildBehaviour(tx, communityId));
  await stretch((tx) => replayPosts(tx, communityId));
  const days = await daysOf(db, communityId);
  for (let start = 0; start < days.length; start += daysAtOnce) {
    const some = days.slice(start, start + daysAtOnce);
    await stretch(async (tx) => {
      await holdMetrics(tx, [communityId]);
      await rollUp(
        tx,
        some.map((day) => ({ communityId, day })),
      );
    });
  }
  await stretch((tx) => replayMembers(tx, communityId));
};

/** Days with activity, and days that have metrics without any. */
const daysOf = async (db: EntityManager, communityId: CommunityId): Promise<Day[]> => {
  const rows = await query<{ day: Day }>(
    db,
    `SELECT day::text AS day FROM (
       SELECT ${localDay} AS day FROM activity_log LEFT JOIN community ON community.id = community_id WHERE community_id = $1
       UNION SELECT day FROM engagement_day WHERE community_id = $1
       UNION SELECT day FROM engagement_active WHERE community_id = $1
       UNION SELECT day FROM engagement_topic_day WHERE community_id = $1
       UNION SELECT day FROM engagement_topic_active WHERE community_id = $1
       UNION SELECT day FROM engagement_orphan WHERE community_id = $1
     ) AS known ORDER BY day`,
    [communityId],
  );
  return rows.map(({ day }) => day);
};

const replayPosts = async (tx: EntityManager, communityId: CommunityId): Promise<void> => {
  await holdMetrics(tx, [communityId]);
  await tx.query('DELETE FROM engagement_post WHERE community_id = $1', [communityId]);
  await tx.query(
    `WITH log AS (SELECT * FROM activity_log WHERE community_id = $1 AND ${isCounted('activity_log')}) ${rememberPosts}`,
    [communityId],
  );
  await rebuildLogged(tx, communityId);
};

/** When members joined and first took part, from the log and from the days that were just computed. */
const replayMembers = async (tx: EntityManager, communityId: CommunityId): Promise<void> => {
  await holdMetrics(tx, [communityId]);
  await bumpRevisions(tx, [communityId]);
  await tx.query('DELETE FROM engagement_member WHERE community_id = $1', [communityId]);
  await tx.query(
    `INSERT INTO engagement_member (community_id, member_id, joined_on, first_day)
     SELECT $1, member_id, joined_on, first_day FROM (
       SELECT member_id, min(day) AS first_day FROM engagement_active WHERE community_id = $1 GROUP BY member_id
     ) AS active FULL JOIN (
       SELECT actor_id AS member_id, min(${localDay}) AS joined_on
       FROM activity_log LEFT JOIN community ON community.id = community_id
       WHERE community_id = $1 AND kind = 'member-joined' AND actor_id IS NOT NULL AND ${isCounted('activity_log')}
       GROUP BY actor_id
     ) AS joined USING (member_id)`,
    [communityId],
  );
};
