import { CommunityWebhooksResolver, WebhookEndpointResolver } from './endpoint.resolver';
import { EndpointNotFound, InvalidEndpoint } from './endpoint.type';
import { sendMessages } from './send-messages.job';

export const webhooksOut = {
  resolvers: [WebhookEndpointResolver, CommunityWebhooksResolver],
  types: [EndpointNotFound, InvalidEndpoint],
  jobs: [sendMessages],
};
