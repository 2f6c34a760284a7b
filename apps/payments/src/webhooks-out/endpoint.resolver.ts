import {
  badInput,
  connectionType,
  PageArgs,
  parsePage,
  requireUser,
  toConnection,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Community } from '../communities/community.type';
import { membershipOf } from '../communities/membership.queries';
import { WebhookDelivery, WebhookEndpoint } from './endpoint.type';
import {
  createWebhookEndpoint,
  CreateWebhookEndpointInput,
  CreateWebhookEndpointResult,
  removeWebhookEndpoint,
  RemoveWebhookEndpointResult,
  replayWebhook,
  ReplayWebhookResult,
  selectDeliveries,
} from './manage-endpoints';

const WebhookDeliveryConnection = connectionType('WebhookDelivery', () => WebhookDelivery);

@Resolver(() => WebhookEndpoint)
export class WebhookEndpointResolver {
  @Authorized()
  @Mutation(() => CreateWebhookEndpointResult, { nullable: true })
  createWebhookEndpoint(
    @Context() ctx: Ctx,
    @Arg('input', () => CreateWebhookEndpointInput) input: CreateWebhookEndpointInput,
  ): Promise<typeof CreateWebhookEndpointResult> {
    return createWebhookEndpoint(ctx, input);
  }

  @Authorized()
  @Mutation(() => RemoveWebhookEndpointResult, {
    nullable: true,
    description: 'From now on nothing is sent there.',
  })
  removeWebhookEndpoint(
    @Context() ctx: Ctx,
    @Arg('id', () => ID) id: string,
  ): Promise<typeof RemoveWebhookEndpointResult> {
    return removeWebhookEndpoint(ctx, { id });
  }

  @Authorized()
  @Mutation(() => ReplayWebhookResult, {
    nullable: true,
    description: 'Sends a message again, whether it was delivered or given up.',
  })
  replayWebhook(
    @Context() ctx: Ctx,
    @Arg('deliveryId', () => ID) deliveryId: string,
  ): Promise<typeof ReplayWebhookResult> {
    return replayWebhook(ctx, { deliveryId });
  }

  @FieldResolver(() => WebhookDeliveryConnection, { description: 'The log, newest first.' })
  async deliveries(
    @Root() { id }: WebhookEndpoint,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<WebhookDelivery>> {
    const list = `deliveries:${id}`;
    const { first, after } = parsePage(list, page);
    const [before] = after ?? [];
    if (before !== undefined && !/^\d{1,18}$/.test(String(before)))
      throw badInput('"after" is not a cursor of this list.');
    const rows = await selectDeliveries(
      ctx,
      'delivery.endpoint_id = $1 AND ($2::bigint IS NULL OR delivery.position < $2) ORDER BY delivery.position DESC LIMIT $3',
      [id, before ?? null, first + 1],
    );
    return toConnection<WebhookDelivery>(rows, {
      list,
      first,
      positionOf: ({ position }) => [position],
    });
  }
}

@Resolver(() => Community)
export class CommunityWebhooksResolver {
  @Authorized()
  @FieldResolver(() => [WebhookEndpoint], {
    nullable: true,
    description: 'Who is told of what happens; for who manages the catalogue.',
  })
  async webhookEndpoints(
    @Root() { id: communityId }: Community,
    @Context() ctx: Ctx,
  ): Promise<WebhookEndpoint[] | null> {
    const { accountId } = requireUser(ctx);
    if (!canManageCatalogue(await membershipOf(ctx.db, { communityId, accountId }))) return null;
    const rows = await ctx.db.query<object[]>(
      `SELECT id, community_id AS "communityId", url, types, created_at AS "createdAt", NULL AS secret
       FROM webhook_endpoint WHERE community_id = $1 AND removed_at IS NULL ORDER BY id`,
      [communityId],
    );
    return rows.map((row) => Object.assign(new WebhookEndpoint(), row));
  }
}
