import { newId, type CommunityId } from '@lyceum/contracts';
import { defineJob, useCase } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { query } from '../sql';
import { findRings, type Votes } from './find-rings';
import { findSeries, seriesBounds, type CastVote } from './find-series';
import { voidVotes } from './void-votes';

const windowDays = 90;

/** Looks at the votes of communities where any were cast since it last did, once an hour. */
export const inspectVotes = defineJob({
  name: 'reputation.inspect-votes',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 900_000,
  concurrency: 1,
  everyMs: 3_600_000,
  run: async ({ ctx, signal }) => {
    for (const communityId of await communitiesWithVotes(ctx.db)) {
      if (signal.aborted) return;
      await inspectCommunity(ctx, communityId);
    }
  },
});

const communitiesWithVotes = async (db: EntityManager): Promise<CommunityId[]> => {
  const rows = await query<{ id: CommunityId }>(
    db,
    `SELECT id FROM community LEFT JOIN fair_play_inspection ON community_id = id
     WHERE EXISTS (SELECT FROM activity_log AS log WHERE log.community_id = community.id AND kind = 'vote'
       AND occurred_at > coalesce(inspected_at, '-infinity')) ORDER BY id`,
  );
  return rows.map(({ id }) => id);
};

interface Finding {
  readonly kind: 'ring' | 'series';
  readonly members: readonly string[];
  readonly keys: readonly string[];
  readonly evidence: string;
}

/** Takes back what it finds, with a case that says why. Two at once do the work of one. */
export const inspectCommunity = useCase(async (tx, communityId: CommunityId): Promise<number> => {
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('fair play ' || $1, 0))`, [
    communityId,
  ]);
  const votes = await votesInForce(tx.db, communityId, tx.now);
  const findings = withoutRepetition([...ringFindings(votes), ...seriesFindings(votes)]);
  for (const finding of findings) {
    await tx.db.query(
      `INSERT INTO fair_play_case (id, community_id, kind, members, vote_keys, evidence, status, found_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'reversed', $7)`,
      [
        ...[newId<'FairPlayCase'>(), communityId, finding.kind, finding.members, finding.keys],
        ...[finding.evidence, tx.now],
      ],
    );
    await voidVotes(tx, { communityId, keys: finding.keys });
  }
  await tx.db.query(
    `INSERT INTO fair_play_inspection (community_id, inspected_at) VALUES ($1, $2)
     ON CONFLICT (community_id) DO UPDATE SET inspected_at = excluded.inspected_at`,
    [communityId, tx.now],
  );
  return findings.length;
});

/**
 * Votes of the last months by known voters, and acceptances, which say the same of who knows whom. What a
 * moderator gave back once is not judged again.
 */
const votesInForce = async (
  db: EntityManager,
  communityId: CommunityId,
  now: Date,
): Promise<CastVote[]> => {
  const rows = await query<CastVote>(
    db,
    `SELECT key, actor_id AS "from", subject_author_id AS "to", value, occurred_at AS at FROM (
       SELECT DISTINCT ON (key) * FROM activity_log
       WHERE community_id = $1 AND kind IN ('vote', 'acceptance') AND occurred_at > $2::timestamptz - make_interval(days => $3)
       ORDER BY key, version DESC
     ) AS in_force
     WHERE value <> 0 AND actor_id IS NOT NULL AND subject_author_id IS NOT NULL AND actor_id <> subject_author_id
       AND NOT EXISTS (SELECT FROM fair_play_case WHERE community_id = $1 AND status = 'dismissed' AND key = ANY(vote_keys))`,
    [communityId, now, windowDays],
  );
  return rows;
};

const isVote = ({ key }: CastVote): boolean => key.startsWith('vote:');

const ringFindings = (votes: readonly CastVote[]): Finding[] => {
  const counts = new Map<string, Votes>();
  for (const { from, to, value } of votes) {
    if (value < 0) continue;
    const known = counts.get(`${from} ${to}`) ?? { from, to, n: 0 };
    counts.set(`${from} ${to}`, { ...known, n: known.n + 1 });
  }
  return findRings([...counts.values()]).map(({ members, insideShare }) => {
    const inside = new Set(members);
    const keys = votes
      .filter(
        (vote) => isVote(vote) && vote.value > 0 && inside.has(vote.from) && inside.has(vote.to),
      )
      .map(({ key }) => key);
    const share = Math.round(insideShare * 100);
    const evidence = `${String(members.length)} members gave each other ${String(keys.length)} votes in ${String(windowDays)} days: at least ${String(share)} % of what each of them gave.`;
    return { kind: 'ring', members, keys, evidence };
  });
};

const seriesFindings = (votes: readonly CastVote[]): Finding[] =>
  findSeries(votes.filter(isVote)).map(({ from, to, value, keys }) => ({
    kind: 'series',
    members: value > 0 ? [from, to] : [from],
    keys,
    evidence: `${String(keys.length)} ${value > 0 ? 'upvotes' : 'downvotes'} of one member for another, ${String(seriesBounds.votes)} or more within an hour.`,
  }));

/** A vote is taken back once, for the first thing that was found about it. */
const withoutRepetition = (findings: readonly Finding[]): Finding[] => {
  const seen = new Set<string>();
  return findings.flatMap((finding) => {
    const keys = finding.keys.filter((key) => !seen.has(key)).sort();
    for (const key of keys) seen.add(key);
    return keys.length === 0 ? [] : [{ ...finding, keys }];
  });
};
