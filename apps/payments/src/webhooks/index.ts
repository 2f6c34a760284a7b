import { processWebhook, sweepWebhooks } from './process-webhook.job';

export const webhooks = { jobs: [processWebhook, sweepWebhooks] };
