import { id } from '@lyceum/contracts';
import { defineJob, type Ctx } from '@lyceum/platform';
import { z } from 'zod';
import { recordFacts } from './record-facts';

/*
 * Who has taken part since the last look is asked of content, which knows; telling identity of every post would cost
 * an event each. Learning is counted by whoever has lessons, and none has yet: it is told as 0.
 */

const minute = 60_000;
const batchSize = 500;
/** Looked at twice, so that what was committed late is not missed: facts are totals, so twice is once. */
const overlapMs = 5 * minute;

const page = z.array(
  z.object({
    memberId: id<'Member'>(),
    contributions: z.int(),
    acceptedAnswers: z.int(),
    recentContributions: z.int(),
    lessonsCompleted: z.int().default(0),
    lastActiveAt: z.coerce.date().nullable(),
  }),
);

const query = `query ($since: String!, $now: String!, $after: ID) {
  internalParticipation(since: $since, now: $now, after: $after) }`;

export const refreshFacts = defineJob({
  name: 'identity.refresh-facts',
  input: z.object({}),
  attempts: 1, // it comes again by itself
  timeoutMs: 5 * minute,
  concurrency: 1,
  everyMs: 10 * minute,
  run: async ({ deps, ctx, signal }) => {
    const now = deps.now();
    const since = await seenUntil(ctx);
    let after: string | null = null;
    do {
      const { internalParticipation } = await deps.graph.query<{ internalParticipation: string }>(
        'content',
        { query, variables: { since: since.toISOString(), now: now.toISOString(), after } },
      );
      const facts = page.parse(JSON.parse(internalParticipation));
      if (facts.length > 0) await recordFacts(ctx, facts);
      after = facts.length < batchSize ? null : (facts.at(-1)?.memberId ?? null);
    } while (after !== null && !signal.aborted);
    if (!signal.aborted) await moveOn(ctx, now);
  },
});

const seenUntil = async (ctx: Ctx): Promise<Date> => {
  const [row] = await ctx.db.query<{ at: Date }[]>(
    `SELECT seen_until AS at FROM fact_cursor WHERE source = 'content'`,
  );
  return row === undefined ? new Date(0) : new Date(row.at.getTime() - overlapMs);
};

const moveOn = (ctx: Ctx, now: Date): Promise<unknown> =>
  ctx.db.query(
    `INSERT INTO fact_cursor (source, seen_until) VALUES ('content', $1)
     ON CONFLICT (source) DO UPDATE SET seen_until = greatest(fact_cursor.seen_until, excluded.seen_until)`,
    [now],
  );
