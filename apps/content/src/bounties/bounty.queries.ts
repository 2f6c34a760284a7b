import type { QuestionId } from '@lyceum/contracts';
import type { Ctx, Tx } from '@lyceum/platform';
import { columnsOf, toEntities } from '../lists/columns';
import { listByOwner } from '../lists/list-by-owner';
import { Bounty } from './bounty.entity';

/** The bounty on the question that can be won, locked; null when there is none. */
export const openBounty = async (tx: Tx, questionId: QuestionId): Promise<Bounty | null> => {
  const rows = await tx.db.query<object[]>(
    `SELECT ${columnsOf(tx.db, Bounty, 't')} FROM bounty AS t
     WHERE t.question_id = $1 AND t.closed_at IS NULL AND t.expires_at IS NOT NULL FOR NO KEY UPDATE`,
    [questionId],
  );
  return toEntities(Bounty, rows)[0] ?? null;
};

/** By question: the bounty that can be won. */
export const openBounties = async (
  ctx: Ctx,
  questionIds: readonly QuestionId[],
): Promise<ReadonlyMap<QuestionId, Bounty>> => {
  const rows = await ctx.db.query<object[]>(
    `SELECT ${columnsOf(ctx.db, Bounty, 't')} FROM bounty AS t
     WHERE t.question_id = ANY($1::uuid[]) AND t.closed_at IS NULL AND t.expires_at IS NOT NULL`,
    [questionIds],
  );
  return new Map(toEntities(Bounty, rows).map((bounty) => [bounty.questionId, bounty]));
};

/** All there were, the newest first. */
export const bountiesOfQuestion = listByOwner<Bounty, 'NEW'>({
  name: 'bounties',
  entity: Bounty,
  from: 'bounty AS t',
  owner: 't.question_id',
  orders: {
    NEW: { column: 'offered_at', property: 'offeredAt', type: 'timestamptz', direction: 'DESC' },
  },
});
