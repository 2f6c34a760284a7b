import { BountyAwarded, type AnswerId, type MemberId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { Bounty } from './bounty.entity';

interface Winner {
  readonly answer: { readonly id: AnswerId; readonly authorId: MemberId | null };
  readonly amount: number;
}

/** Ends a bounty that the caller has locked: with a winner, or with none. */
export const closeBounty = async (
  tx: Tx,
  { id, communityId }: Pick<Bounty, 'id' | 'communityId'>,
  award: Winner | null,
): Promise<void> => {
  await tx.db.query(
    'UPDATE bounty SET closed_at = $2, awarded_answer_id = $3, awarded_amount = $4 WHERE id = $1',
    [id, tx.now, award?.answer.id ?? null, award?.amount ?? null],
  );
  if (award === null) return;
  await tx.emit(BountyAwarded, {
    communityId,
    bountyId: id,
    answerId: award.answer.id,
    recipientId: award.answer.authorId,
    amount: award.amount,
  });
};
