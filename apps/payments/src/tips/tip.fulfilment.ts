import { TipReceived } from '@lyceum/contracts';
import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import type { Fulfilment } from '../orders/fulfilment';

interface Settled {
  readonly tipId: Id<'Tip'>;
  readonly communityId: CommunityId;
  readonly targetType: 'article' | 'answer' | 'comment';
  readonly targetId: string;
  readonly authorId: MemberId;
}

/** A tip gives its tipper nothing; its author is told. */
export const tipFulfilment: Fulfilment = {
  settled: async (tx, { order, line }) => {
    const [rows] = await tx.db.query<[Settled[], number]>(
      `UPDATE tip SET settled_at = $2 WHERE id = $1
       RETURNING id AS "tipId", community_id AS "communityId", content_type AS "targetType", content_id AS "targetId",
         author_id AS "authorId"`,
      [line.referenceId, tx.now],
    );
    for (const settled of rows)
      await tx.emit(TipReceived, {
        ...settled,
        tipperId: order.buyerMemberId,
        amountMinor: line.amountMinor.toString(),
        currency: order.currency,
      });
  },
  refunded: async (tx, { line, isFull }) => {
    if (isFull)
      await tx.db.query('UPDATE tip SET refunded_at = $2 WHERE id = $1', [
        line.referenceId,
        tx.now,
      ]);
  },
};
