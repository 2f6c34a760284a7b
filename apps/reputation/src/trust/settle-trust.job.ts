import { TrustChanged, type CommunityId } from '@lyceum/contracts';
import { defineJob, useCase } from '@lyceum/platform';
import { z } from 'zod';
import { ruleBooks } from '../rule-sets/rule-books';
import { ruleSetOn, trustAfter, utcDay, type Trust } from '../rules';
import { query } from '../sql';
import { measure, type Measured } from './measure.queries';

/** Looks once a day at how far members are trusted. */
export const settleTrust = defineJob({
  name: 'reputation.settle-trust',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 3_600_000,
  concurrency: 1,
  everyMs: 86_400_000,
  run: async ({ ctx, signal }) => {
    const rows = await query<{ id: CommunityId }>(ctx.db, 'SELECT id FROM community ORDER BY id');
    for (const { id } of rows) if (!signal.aborted) await settleTrustOf(ctx, id);
  },
});

type Settled = Measured & { readonly after: Trust };

/** Measures a community's members, keeps what was found, and tells of each level that changed. */
export const settleTrustOf = useCase(async (tx, communityId: CommunityId): Promise<void> => {
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('trust in ' || $1, 0))`, [
    communityId,
  ]);
  await tx.db.query('SET LOCAL statement_timeout = 0');
  const book = (await ruleBooks(tx.db, [communityId])).get(communityId);
  if (book === undefined) return;
  const levels = ruleSetOn(book, utcDay(tx.now)).trust;
  const settled = (await measure(tx.db, { communityId, now: tx.now })).map((one): Settled => {
    const before = one.before ?? { level: 0, since: tx.now };
    return { ...one, after: trustAfter(before, one.facts, { now: tx.now, levels }) };
  });
  await tx.db.query(
    `INSERT INTO member_trust (member_id, community_id, level, since, facts, measured_at)
     SELECT id, $1, level, since, facts, $2 FROM json_to_recordset($3::json)
       AS one (id uuid, level int, since timestamptz, facts jsonb)
     ON CONFLICT (member_id) DO UPDATE SET level = excluded.level, since = excluded.since, facts = excluded.facts,
       measured_at = excluded.measured_at`,
    [
      ...[communityId, tx.now],
      JSON.stringify(
        settled.map(({ memberId, after, facts }) => ({ id: memberId, ...after, facts })),
      ),
    ],
  );
  for (const { memberId, before, after } of settled)
    if (after.level !== (before?.level ?? 0))
      await tx.emit(TrustChanged, { communityId, memberId, level: after.level });
});
