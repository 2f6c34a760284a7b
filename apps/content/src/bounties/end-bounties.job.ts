import { defineJob, useCase, type Tx } from '@lyceum/platform';
import { z } from 'zod';
import type { Bounty } from './bounty.entity';
import { automaticAward, type Candidate, type ExpiredBounty } from './bounty.policy';
import { closeBounty } from './close-bounty';

/** Ends what has expired, one bounty a transaction; two runs at once share the work. */
export const endBounties = defineJob({
  name: 'content.end-bounties',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 60_000,
  run: async ({ ctx, signal }) => {
    while (!signal.aborted && (await endNextBounty(ctx, undefined)));
  },
});

type Expired = ExpiredBounty & Pick<Bounty, 'id' | 'communityId' | 'questionId'>;

/** False when there is none to end. */
export const endNextBounty = useCase(async (tx): Promise<boolean> => {
  const bounty = await lockNextExpired(tx);
  if (bounty === null) return false;
  const answers = await tx.db.query<Candidate[]>(
    `SELECT id, author_id AS "authorId", score, created_at AS "createdAt"
     FROM answer WHERE question_id = $1 AND created_at > $2`,
    [bounty.questionId, bounty.offeredAt],
  );
  await closeBounty(tx, bounty, automaticAward(bounty, answers));
  return true;
});

const lockNextExpired = async (tx: Tx): Promise<Expired | null> => {
  const [bounty] = await tx.db.query<Expired[]>(
    `SELECT b.id, b.community_id AS "communityId", b.question_id AS "questionId", b.offerer_id AS "offererId",
       b.amount, b.offered_at AS "offeredAt", q.author_id AS "askerId", q.accepted_answer_id AS "acceptedAnswerId"
     FROM bounty AS b JOIN question AS q ON q.id = b.question_id
     WHERE b.closed_at IS NULL AND b.expires_at <= $1
     ORDER BY b.expires_at LIMIT 1 FOR NO KEY UPDATE OF b SKIP LOCKED`,
    [tx.now],
  );
  return bounty ?? null;
};
