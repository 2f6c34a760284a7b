import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { query } from '../sql';

/**
 * Says that the metrics of these communities change with this transaction. The row's lock is held until the
 * commit, so who reads a revision sees all changes up to it: it can serve as a cursor.
 */
export const bumpRevisions = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<void> => {
  await db.query(
    `INSERT INTO metric_revision AS known (community_id, revision, changed_at)
     SELECT id, 1, now() FROM unnest($1::uuid[]) AS id ORDER BY id
     ON CONFLICT (community_id) DO UPDATE SET revision = known.revision + 1, changed_at = now()`,
    [[...new Set(communityIds)]],
  );
};

/** How often the community's metrics have changed; read it before them. */
export const revisionOf = async (db: EntityManager, communityId: CommunityId): Promise<number> => {
  const [row] = await query<{ revision: number }>(
    db,
    'SELECT revision::int AS revision FROM metric_revision WHERE community_id = $1',
    [communityId],
  );
  return row?.revision ?? 0;
};
