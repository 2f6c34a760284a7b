import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { versionsOfThings } from '../activity/activity-log';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';
import { query } from '../sql';
import { foldEntries } from './fold-days';
import { entriesOf, lockMembers } from './project-points';
import { settleFloors } from './settle-floors';

export interface Rebuilt {
  readonly communityId: CommunityId;
  readonly memberIds: readonly MemberId[];
  /** All things that the members had a part in, as far as known when a replay began. */
  readonly keys: readonly string[];
}

/**
 * Computes all points of some members again, from zero, while their community lives. Whoever judges new activity of
 * theirs waits for the locks, and then sees these rows; what came since the keys were read has entries already.
 */
export const rebuildMembers = async (
  db: EntityManager,
  { communityId, memberIds, keys }: Rebuilt,
): Promise<void> => {
  await holdRules(db, [communityId]);
  const books = await ruleBooks(db, [communityId]);
  await lockMembers(
    db,
    memberIds.map((memberId) => ({ memberId, communityId })),
  );
  const since = await thingsOfEntries(db, memberIds);
  const all = [...new Set([...keys, ...since])];
  const versions = await versionsOfThings(db, communityId, all);
  const own = new Set(memberIds);
  const entries = entriesOf(books, versions).filter(({ memberId }) => own.has(memberId));

  await clear(db, memberIds);
  if (entries.length === 0) return;
  const days = await foldEntries(db, books, entries);
  await settleFloors(
    db,
    books,
    days.filter(({ lowest, wasLow }) => lowest < 0 || wasLow),
  );
};

const thingsOfEntries = async (
  db: EntityManager,
  memberIds: readonly MemberId[],
): Promise<string[]> => {
  const rows = await query<{ key: string }>(
    db,
    `SELECT DISTINCT key FROM activity_log
     WHERE event_id IN (SELECT activity_id FROM point_entry WHERE member_id = ANY($1))`,
    [memberIds],
  );
  return rows.map(({ key }) => key);
};

const clear = async (db: EntityManager, memberIds: readonly MemberId[]): Promise<void> => {
  await db.query('DELETE FROM point_entry WHERE member_id = ANY($1)', [memberIds]);
  await db.query('DELETE FROM member_day WHERE member_id = ANY($1)', [memberIds]);
  await db.query('UPDATE member_standing SET total = 0 WHERE member_id = ANY($1) AND total <> 0', [
    memberIds,
  ]);
};
