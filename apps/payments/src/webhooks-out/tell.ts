import { newId, type CommunityId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';

/** What others can be told of. */
export const messageTypes = [
  'order.paid',
  'order.refunded',
  'dispute.changed',
  'entitlement.changed',
] as const;
export type MessageType = (typeof messageTypes)[number];

export interface Message {
  readonly communityId: CommunityId;
  readonly type: MessageType;
  /** Messages about one object arrive in their order. */
  readonly objectId: string;
  readonly data: object;
}

/**
 * Writes messages for those endpoints of their communities that want them, in the transaction of what they tell of; a
 * job sends them. Where nobody listens nothing is written.
 */
export const tellEndpoints = async (tx: Tx, messages: readonly Message[]): Promise<void> => {
  if (messages.length === 0) return;
  const rows = messages.map(({ communityId, type, objectId, data }, ordinal) => {
    const id = newId<'WebhookMessage'>();
    const body = JSON.stringify({ type, timestamp: tx.now.toISOString(), data });
    return { ordinal, id, community_id: communityId, type, object_id: objectId, body };
  });
  await tx.db.query(
    `WITH wanted AS (
       SELECT told.* FROM json_to_recordset($1::json)
         AS told (ordinal int, id uuid, community_id uuid, type text, object_id uuid, body text)
       WHERE EXISTS (SELECT FROM webhook_endpoint AS endpoint
         WHERE endpoint.community_id = told.community_id AND endpoint.removed_at IS NULL AND told.type = ANY(endpoint.types))
     ), message AS (
       INSERT INTO webhook_message (id, community_id, type, object_id, body, created_at)
       SELECT id, community_id, type, object_id, body, $2 FROM wanted ORDER BY ordinal
       RETURNING position, community_id, type, object_id
     )
     INSERT INTO webhook_delivery (id, endpoint_id, position, object_id, next_attempt_at)
     SELECT gen_random_uuid(), endpoint.id, message.position, message.object_id, $2
     FROM message JOIN webhook_endpoint AS endpoint
       ON endpoint.community_id = message.community_id AND endpoint.removed_at IS NULL AND message.type = ANY(endpoint.types)`,
    [JSON.stringify(rows), tx.now],
  );
};
