import { PrivilegesChanged, type CommunityId, type MemberId } from '@lyceum/contracts';
import { defineJob, useCase, type Tx } from '@lyceum/platform';
import { z } from 'zod';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';
import { ruleSetOn, utcDay, type Privilege, type RuleBook } from '../rules';
import { query } from '../sql';

/** Rules may gate other things from a day on: looks at everybody of communities with such rules. */
export const settlePrivileges = defineJob({
  name: 'reputation.settle-privileges',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 600_000,
  concurrency: 1,
  everyMs: 600_000,
  run: async ({ ctx, signal }) => {
    const rows = await query<{ id: CommunityId }>(
      ctx.db,
      `SELECT DISTINCT community_id AS id FROM rule_set
       WHERE definition -> 'privileges' IS NOT NULL ORDER BY id`,
    );
    for (const { id } of rows) if (!signal.aborted) await settleCommunity(ctx, id);
  },
});

export const settleCommunity = useCase(async (tx, communityId: CommunityId): Promise<void> => {
  await holdRules(tx.db, [communityId]);
  const book = (await ruleBooks(tx.db, [communityId])).get(communityId);
  if (book !== undefined) await settlePrivilegesOf(tx, { communityId, members: null, book });
});

interface Change {
  readonly memberId: MemberId;
  readonly withheld: string[];
  readonly held: string[];
  readonly version: number;
}

/**
 * Makes what is withheld what the points of today's rules say, and tells of changes. Who has never been told of
 * may do everything: a community whose rules gate nothing costs nothing.
 */
export const settlePrivilegesOf = async (
  tx: Tx,
  {
    communityId,
    members,
    book,
  }: {
    readonly communityId: CommunityId;
    /** Null for everybody. */
    readonly members: readonly MemberId[] | null;
    readonly book: RuleBook;
  },
): Promise<void> => {
  const gates = ruleSetOn(book, utcDay(tx.now)).privileges;
  if (gates.length === 0 && book.every(({ privileges }) => privileges.length === 0)) return;
  for (const { memberId, ...now } of await changes(tx, { communityId, members, gates }))
    await tx.emit(PrivilegesChanged, { communityId, memberId, ...now });
};

const changes = (
  tx: Tx,
  of: {
    communityId: CommunityId;
    members: readonly MemberId[] | null;
    gates: readonly Privilege[];
  },
): Promise<Change[]> =>
  query(
    tx.db,
    `WITH asked AS MATERIALIZED (
       SELECT member_id, total FROM member_standing
       WHERE community_id = $1 AND ($2::uuid[] IS NULL OR member_id = ANY($2)) ORDER BY member_id FOR NO KEY UPDATE
     ), now AS (
       SELECT member_id, ARRAY(SELECT name FROM json_to_recordset($3::json) AS gate (name text, "from" int)
         WHERE "from" > total ORDER BY name) AS withheld,
         ARRAY(SELECT name FROM json_to_recordset($3::json) AS gate (name text, "from" int)
         WHERE "from" <= total ORDER BY name) AS held
       FROM asked
     )
     INSERT INTO member_privileges AS known (member_id, community_id, withheld, held, version)
     SELECT member_id, $1, now.withheld, now.held, 1
     FROM now LEFT JOIN member_privileges AS before USING (member_id)
     WHERE (now.withheld, now.held) IS DISTINCT FROM (coalesce(before.withheld, '{}'), coalesce(before.held, '{}'))
     ON CONFLICT (member_id) DO UPDATE SET withheld = excluded.withheld, held = excluded.held, version = known.version + 1
     RETURNING member_id AS "memberId", withheld, held, version`,
    [of.communityId, of.members, JSON.stringify(of.gates)],
  );
