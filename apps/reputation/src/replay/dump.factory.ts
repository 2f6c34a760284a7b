import type { EntityManager } from 'typeorm';
import { query } from '../sql';

const projections = [
  'point_entry ORDER BY id',
  'member_day ORDER BY member_id, day',
  'member_standing ORDER BY member_id',
  'badge_award ORDER BY member_id, badge, subject_id',
  'board_total WHERE members > 0 OR staff > 0 ORDER BY community_id, total',
  'board_block WHERE totals > 0 OR staff_only > 0 ORDER BY community_id, block',
  'engagement_pending ORDER BY event_id',
  'engagement_day ORDER BY community_id, day',
  'engagement_active ORDER BY community_id, day, member_id',
  'engagement_member ORDER BY community_id, member_id',
  'engagement_post ORDER BY community_id, id',
  'article_access ORDER BY community_id, article_id, version',
  'engagement_topic_day ORDER BY community_id, tag, day',
  'engagement_topic_active ORDER BY community_id, tag, day, member_id',
  'engagement_orphan ORDER BY community_id, missing_id, day',
  'member_behaviour ORDER BY community_id, member_id, behaviour',
  'behaviour_pending ORDER BY event_id',
  'behaviour_viewer ORDER BY community_id, subject_id, day, viewer',
  'behaviour_subject ORDER BY community_id, subject_id',
  'behaviour_day ORDER BY community_id, day',
  'behaviour_member_day ORDER BY community_id, day, member_id',
];

/** Every row of every projection, as text: to compare states byte by byte. */
export const dumpProjections = async (db: EntityManager): Promise<Record<string, string[]>> => {
  const dump: Record<string, string[]> = {};
  for (const projection of projections) {
    const [table = ''] = projection.split(' ');
    const rows = await query<{ row: string }>(
      db,
      `SELECT ${table}::text AS row FROM ${projection}`,
    );
    dump[table] = rows.map(({ row }) => row);
  }
  return dump;
};
