import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';
import { badgesOf } from '../rules';
import { query } from '../sql';
import { awardBadges, type Touched } from './award-badges';

const pageSize = 500;

/** Looks at all badges of a community anew, silently. The caller holds the rules alone, and points are in force. */
export const rebuildBadges = async (db: EntityManager, communityId: CommunityId): Promise<void> => {
  await db.query('DELETE FROM badge_award WHERE community_id = $1', [communityId]);
  const book = (await ruleBooks(db, [communityId])).get(communityId);
  if (book === undefined) return;
  await forAllSubjects(db, communityId, (touched) =>
    awardBadges(db, { definitions: badgesOf(book), touched, says: null }),
  );
};

/**
 * The same while the community lives: a page of threads or members is a transaction, and live work waits for one of
 * them at most. Live work does what changes meanwhile.
 */
export const replayBadges = async (db: EntityManager, communityId: CommunityId): Promise<void> => {
  await forAllSubjects(db, communityId, (touched) =>
    db.transaction(async (tx) => {
      await holdRules(tx, [communityId]);
      const book = (await ruleBooks(tx, [communityId])).get(communityId);
      if (book !== undefined)
        await awardBadges(tx, { definitions: badgesOf(book), touched, says: null });
    }),
  );
  await db.query(
    `DELETE FROM badge_award AS award WHERE community_id = $1 AND subject_id <> '' AND NOT EXISTS (
       SELECT FROM activity_log WHERE community_id = $1 AND key = award.subject_type || ':' || award.subject_id)`,
    [communityId],
  );
};

/** All threads and all members of a community, in pages. */
export const forAllSubjects = async (
  db: EntityManager,
  communityId: CommunityId,
  use: (touched: Touched) => Promise<void>,
): Promise<void> => {
  const page = { communityId, roots: [], members: [] };
  await inPages(db, { sql: selectRoots, communityId }, (roots) => use({ ...page, roots }));
  await inPages(db, { sql: selectMembers, communityId }, (ids) =>
    use({ ...page, members: ids as MemberId[] }),
  );
};

const selectRoots = `SELECT key || '' AS position, subject_id AS id FROM activity_log
  WHERE community_id = $1 AND kind IN ('question-asked', 'article-published') AND key > $2 ORDER BY key LIMIT $3`;
const selectMembers = `SELECT member_id::text AS position, member_id AS id FROM member_standing
  WHERE community_id = $1 AND member_id::text > $2 ORDER BY member_id::text LIMIT $3`;

const inPages = async (
  db: EntityManager,
  { sql, communityId }: { sql: string; communityId: CommunityId },
  use: (ids: string[]) => Promise<void>,
): Promise<void> => {
  let position = '';
  for (;;) {
    const rows = await query<{ position: string; id: string }>(db, sql, [
      communityId,
      position,
      pageSize,
    ]);
    if (rows.length > 0) await use(rows.map(({ id }) => id));
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    position = last.position;
  }
};
