import { randomBytes } from 'node:crypto';
import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { membershipOf } from '../communities/membership.queries';
import {
  EndpointNotFound,
  InvalidEndpoint,
  WebhookDelivery,
  WebhookEndpoint,
} from './endpoint.type';
import { isPublicUrl } from './public-address';
import { messageTypes } from './tell';

@InputType()
export class CreateWebhookEndpointInput {
  @Field(() => ID) communityId!: string;
  @Field(() => String, { description: 'HTTPS, and public.' }) url!: string;
  @Field(() => [String], { description: 'What to be told of.' }) types!: string[];
}

export const CreateWebhookEndpointResult = createUnionType({
  name: 'CreateWebhookEndpointResult',
  types: () => [WebhookEndpoint, NotCatalogueManager, InvalidEndpoint] as const,
});

const maxEndpoints = 20;

/** Lets a community's manager have somebody told of what happens; the answer has the secret, this once. */
export const createWebhookEndpoint = useCase(
  async (tx, input: CreateWebhookEndpointInput): Promise<typeof CreateWebhookEndpointResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(input.communityId)) return new NotCatalogueManager();
    const communityId = input.communityId as CommunityId; // has the form of one
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (membership === null || !canManageCatalogue(membership)) return new NotCatalogueManager();
    if (!isPublicUrl(input.url))
      return new InvalidEndpoint('An endpoint has a public HTTPS address.');
    const types = [...new Set(input.types)];
    const known: readonly string[] = messageTypes;
    if (types.length === 0 || types.some((type) => !known.includes(type)))
      return new InvalidEndpoint(`There are messages of these types: ${messageTypes.join(', ')}.`);
    const [{ n = 0 } = {}] = await tx.db.query<{ n?: number }[]>(
      'SELECT count(*)::int AS n FROM webhook_endpoint WHERE community_id = $1 AND removed_at IS NULL',
      [communityId],
    );
    if (n >= maxEndpoints) return new InvalidEndpoint('A community has at most 20 endpoints.');

    const endpoint = Object.assign(new WebhookEndpoint(), {
      id: newId<'WebhookEndpoint'>(),
      communityId,
      url: input.url,
      types,
      createdAt: tx.now,
      secret: `whsec_${randomBytes(32).toString('base64')}`,
    });
    await tx.db.query(
      `INSERT INTO webhook_endpoint (id, community_id, url, secret, types, created_by_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [endpoint.id, communityId, input.url, endpoint.secret, types, membership.memberId, tx.now],
    );
    return endpoint;
  },
);

/** The endpoint, for who manages the catalogue of its community. */
export const managedEndpoint = async (
  { db, actor }: Pick<Ctx | Tx, 'db' | 'actor'>,
  id: string,
): Promise<WebhookEndpoint | null> => {
  if (!isId(id)) return null;
  const [row] = await db.query<object[]>(
    `SELECT id, community_id AS "communityId", url, types, created_at AS "createdAt", NULL AS secret
     FROM webhook_endpoint WHERE id = $1 AND removed_at IS NULL`,
    [id],
  );
  if (row === undefined) return null;
  const endpoint = Object.assign(new WebhookEndpoint(), row);
  const { accountId } = requireUser({ actor });
  const { communityId } = endpoint;
  return canManageCatalogue(await membershipOf(db, { communityId, accountId })) ? endpoint : null;
};

export const RemoveWebhookEndpointResult = createUnionType({
  name: 'RemoveWebhookEndpointResult',
  types: () => [WebhookEndpoint, EndpointNotFound] as const,
});

/** From now on nothing is sent there, what waits included. */
export const removeWebhookEndpoint = useCase(
  async (tx, { id }: { id: string }): Promise<typeof RemoveWebhookEndpointResult> => {
    const endpoint = await managedEndpoint(tx, id);
    if (endpoint === null) return new EndpointNotFound();
    await tx.db.query('UPDATE webhook_endpoint SET removed_at = $2 WHERE id = $1', [id, tx.now]);
    return endpoint;
  },
);

export const ReplayWebhookResult = createUnionType({
  name: 'ReplayWebhookResult',
  types: () => [WebhookDelivery, EndpointNotFound] as const,
});

/** Sends a message again, delivered or given up, with all its attempts before it. */
export const replayWebhook = useCase(
  async (tx, { deliveryId }: { deliveryId: string }): Promise<typeof ReplayWebhookResult> => {
    const [delivery] = isId(deliveryId)
      ? await selectDeliveries(tx, 'delivery.id = $1', [deliveryId])
      : [];
    const endpoint = delivery === undefined ? null : await managedEndpoint(tx, delivery.endpointId);
    if (endpoint === null || delivery === undefined) return new EndpointNotFound();
    await tx.db.query(
      `UPDATE webhook_delivery SET status = 'pending', attempts = 0, next_attempt_at = $2, delivered_at = NULL WHERE id = $1`,
      [deliveryId, tx.now],
    );
    const again = { status: 'pending', attempts: 0, nextAttemptAt: tx.now, deliveredAt: null };
    return Object.assign(delivery, again);
  },
);

/** Deliveries that match; `where` is SQL of ours, with its parameters from $1. */
export const selectDeliveries = async (
  { db }: Pick<Ctx | Tx, 'db'>,
  where: string,
  parameters: readonly unknown[],
): Promise<(WebhookDelivery & { readonly endpointId: string })[]> => {
  const rows = await db.query<{ endpointId: string }[]>(
    `SELECT delivery.id, delivery.endpoint_id AS "endpointId", message.id AS "messageId", message.type, message.body,
       delivery.status, delivery.attempts, delivery.last_status AS "lastStatus", delivery.last_problem AS "lastProblem",
       CASE delivery.status WHEN 'pending' THEN delivery.next_attempt_at END AS "nextAttemptAt",
       delivery.delivered_at AS "deliveredAt", delivery.position::text AS position
     FROM webhook_delivery AS delivery JOIN webhook_message AS message ON message.position = delivery.position
     WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) => Object.assign(new WebhookDelivery(), row));
};
