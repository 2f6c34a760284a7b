import { newId } from '@lyceum/contracts';
import { enqueue, type Deps } from '@lyceum/platform';
import { kitOf } from '../kit';
import { DeliveryRefused, type Delivery } from '../providers/provider';
import { noticeToJson } from './notice-json';
import { processWebhook } from './process-webhook.job';

export type Receipt =
  | { readonly status: 'taken'; readonly contentType: string; readonly body: string }
  | { readonly status: 'refused' }
  | { readonly status: 'unknown-provider' };

/**
 * Takes a provider's delivery: verified before anything else, stored once, answered, and processed by a job. What is
 * unsigned, stale or not for us is refused and leaves nothing.
 */
export const receiveWebhook = async (
  deps: Deps,
  providerName: string,
  delivery: Delivery,
): Promise<Receipt> => {
  const provider = kitOf({ db: deps.dataSource.manager }).providers.get(providerName);
  if (provider === undefined) return { status: 'unknown-provider' };
  try {
    const verified = await provider.verify(delivery);
    const id = newId<'ProviderWebhook'>();
    const stored = await deps.dataSource.query<unknown[]>(
      `INSERT INTO provider_webhook (id, provider, event_id, type, notice, raw_body, received_at, next_attempt_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (provider, event_id) DO NOTHING RETURNING 1`,
      [
        id,
        providerName,
        verified.eventId,
        verified.type,
        noticeToJson(verified.notice),
        delivery.rawBody,
        delivery.now,
      ],
    );
    if (stored.length > 0) await wake(deps, id);
    return { status: 'taken', ...provider.acknowledgement };
  } catch (error) {
    if (!(error instanceof DeliveryRefused)) throw error;
    deps.log.warn({ provider: providerName, reason: error.message }, 'webhook.refused');
    return { status: 'refused' };
  }
};

/** The row is the truth: while the queue is away, a sweep finds it. */
const wake = (deps: Deps, webhookId: string): Promise<void> =>
  enqueue(deps, processWebhook, { input: { webhookId }, id: webhookId }).catch((error: unknown) => {
    deps.log.warn({ err: error, webhookId }, 'webhook.not-queued');
  });
