import { isEvent, OrderPaid, OrderRefunded, type Envelope } from '@lyceum/contracts';
import { consume, type Consumer, type Signals } from '@lyceum/platform';
import { engagementTopic } from '../engagement/engagement-topic';
import { bumpRevisions } from '../engagement/revision';

/**
 * Keeps what was paid and what went back, each once by its own name, so repeated and unordered events change nothing.
 */
export const recordRevenue = (signals: Signals): Consumer =>
  consume({
    name: 'reputation.record-revenue',
    destination: 'reputation-engagement',
    types: [OrderPaid, OrderRefunded],
    handle: async (tx, events) => {
      await tx.db.query(
        `INSERT INTO revenue_entry (source, community_id, order_id, member_id, amount_minor, currency, occurred_at)
         SELECT source, community_id, order_id, member_id, amount_minor, currency, occurred_at
         FROM json_to_recordset($1::json) AS told (source text, community_id uuid, order_id uuid, member_id uuid,
           amount_minor bigint, currency text, occurred_at timestamptz)
         ORDER BY source ON CONFLICT DO NOTHING`,
        [JSON.stringify(events.map(entryOf))],
      );
      const communityIds = [...new Set(events.map(({ payload }) => payload.communityId))];
      await bumpRevisions(tx.db, communityIds);
      tx.afterCommit(() => {
        for (const communityId of communityIds) signals.publish(engagementTopic(communityId));
      });
    },
  });

const entryOf = (event: Envelope) => {
  if (isEvent(event, OrderPaid)) {
    const { communityId, orderId, buyerMemberId, totalMinor, currency } = event.payload;
    return {
      ...{ source: `order:${orderId}`, community_id: communityId, order_id: orderId },
      ...{ member_id: buyerMemberId, amount_minor: totalMinor, currency },
      occurred_at: event.occurredAt,
    };
  }
  if (!isEvent(event, OrderRefunded)) throw new Error(`${event.type} moves no money`);
  const { communityId, orderId, sourceType, sourceId, amountMinor, currency } = event.payload;
  return {
    ...{ source: `${sourceType}:${sourceId}`, community_id: communityId, order_id: orderId },
    ...{ member_id: null, amount_minor: `-${amountMinor}`, currency },
    occurred_at: event.occurredAt,
  };
};
