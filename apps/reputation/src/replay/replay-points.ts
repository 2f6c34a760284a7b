import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { rebuildMembers } from '../points/rebuild-members';
import { query } from '../sql';

export interface ReplayProgress {
  readonly communityId: CommunityId;
  /** Parts in things that were judged, and that there are to judge. */
  readonly done: number;
  readonly total: number;
  /** By the transaction that was just committed. */
  readonly added: number;
}

export interface PointsReplay {
  readonly communityId: CommunityId;
  /** Goes on where one stopped that did not come to its end. */
  readonly goesOn?: boolean;
  /** In one transaction; a member who had a part in more is one alone. */
  readonly thingsAtOnce?: number;
  readonly progress?: (progress: ReplayProgress) => void | Promise<void>;
}

const membersAtOnce = 500;
const usualThings = 2_000;

/**
 * Computes all points of a community again while it lives: some members at a time, each time a short transaction, so
 * that new activity waits for one of them at most. Readers see a member as it was or as it is, never half of it.
 */
export const replayPoints = async (
  db: EntityManager,
  { communityId, goesOn = false, thingsAtOnce = usualThings, progress }: PointsReplay,
): Promise<void> => {
  const runner = db.dataSource.createQueryRunner(); // one session: what is to do is in a table of its own
  try {
    const own = runner.manager;
    let position = goesOn ? await stoppedAt(own, communityId) : null;
    const things = await listThings(own, communityId, position);
    const { total } = things;
    let { done } = things;
    for (;;) {
      const some = await nextMembers(own, position, thingsAtOnce);
      const last = some.at(-1);
      if (last === undefined) break;
      const memberIds = some.map(({ memberId }) => memberId);
      await own.transaction(async (tx) => {
        await tx.query('SET LOCAL statement_timeout = 0');
        await rebuildMembers(tx, { communityId, memberIds, keys: await keysOf(tx, memberIds) });
        await keepPosition(tx, communityId, last.memberId);
      });
      position = last.memberId;
      const added = some.reduce((sum, { things }) => sum + things, 0);
      done += added;
      await progress?.({ communityId, done, total, added });
    }
    await own.query('DELETE FROM replay_position WHERE community_id = $1', [communityId]);
  } finally {
    await runner.query('DROP TABLE IF EXISTS replay_thing').catch(() => undefined); // with a lost session it is gone
    await runner.release();
  }
};

const stoppedAt = async (db: EntityManager, communityId: CommunityId): Promise<MemberId | null> => {
  const [row] = await query<{ id: MemberId }>(
    db,
    'SELECT member_id AS id FROM replay_position WHERE community_id = $1',
    [communityId],
  );
  return row?.id ?? null;
};

const keepPosition = (db: EntityManager, communityId: CommunityId, memberId: MemberId) =>
  db.query(
    `INSERT INTO replay_position (community_id, member_id) VALUES ($1, $2)
     ON CONFLICT (community_id) DO UPDATE SET member_id = excluded.member_id`,
    [communityId, memberId],
  );

/** One pass over the log: who had a part in what. Members without any part are there too: theirs is nothing. */
const listThings = (
  db: EntityManager,
  communityId: CommunityId,
  after: MemberId | null,
): Promise<{ done: number; total: number }> =>
  db.transaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query(`SET LOCAL work_mem = '128MB'`);
    await tx.query('CREATE TEMPORARY TABLE replay_thing (member_id uuid NOT NULL, key text)');
    await tx.query(
      `INSERT INTO replay_thing
       SELECT member_id, key FROM (
         SELECT actor_id AS member_id, key FROM activity_log WHERE community_id = $1 AND actor_id IS NOT NULL
         UNION ALL SELECT subject_author_id, key FROM activity_log
           WHERE community_id = $1 AND subject_author_id IS NOT NULL AND subject_author_id IS DISTINCT FROM actor_id
         UNION ALL SELECT member_id, NULL FROM member_standing WHERE community_id = $1
       ) AS part ORDER BY member_id`,
      [communityId],
    );
    await tx.query('CREATE INDEX ON replay_thing (member_id)');
    await tx.query('ANALYZE replay_thing');
    const [counted] = await query<{ done: number; total: number }>(
      tx,
      `SELECT count(*) FILTER (WHERE member_id <= $1)::int AS done, count(*)::int AS total FROM replay_thing`,
      [after],
    );
    return counted ?? { done: 0, total: 0 };
  });

interface MemberToDo {
  readonly memberId: MemberId;
  readonly things: number;
}

const nextMembers = async (
  db: EntityManager,
  after: MemberId | null,
  thingsAtOnce: number,
): Promise<MemberToDo[]> => {
  const rows = await query<MemberToDo>(
    db,
    `SELECT member_id AS "memberId", count(*)::int AS things FROM replay_thing
     WHERE $1::uuid IS NULL OR member_id > $1 GROUP BY member_id ORDER BY member_id LIMIT ${String(membersAtOnce)}`,
    [after],
  );
  let sum = 0;
  const fitting = rows.findIndex(({ things }) => (sum += things) > thingsAtOnce);
  return fitting < 0 ? rows : rows.slice(0, Math.max(1, fitting));
};

const keysOf = async (db: EntityManager, memberIds: readonly MemberId[]): Promise<string[]> => {
  const rows = await query<{ key: string }>(
    db,
    'SELECT DISTINCT key FROM replay_thing WHERE member_id = ANY($1) AND key IS NOT NULL',
    [memberIds],
  );
  return rows.map(({ key }) => key);
};
