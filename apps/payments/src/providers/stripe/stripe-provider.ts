import { currencies, money, type Currency } from '@lyceum/money';
import Stripe from 'stripe';
import {
  DeliveryRefused,
  ProviderUnavailable,
  type Capabilities,
  type Delivery,
  type PaymentOrder,
  type PaymentProvider,
  type RefundAnswer,
  type RefundOrder,
  type VerifiedDelivery,
} from '../provider';
import { chargeSaved, describeMethod, removeMethod, startSetup } from './stripe-methods';
import { noticeOfEvent, noticeOfRefund, noticeOfSession, toStripeAmount } from './stripe-notices';
import { unavailable } from './unavailable';

export interface StripeSettings {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Another address of the API: tests have a server of their own. */
  readonly apiUrl?: string | undefined;
}

/** Currencies that Stripe counts in other units than ISO 4217 does are left out, rather than charged wrongly. */
const countedOtherwise = new Set(['ISK', 'UGX', 'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);

const capabilities: Capabilities = {
  currencies: currencies.filter((currency) => !countedOtherwise.has(currency)),
  partialRefunds: true,
  maxRefunds: 1_000,
  refundWindowDays: 180,
  feeOnRefund: 'kept',
  refundResult: 'immediate',
  refundIntervalMs: 0,
  disputes: true,
  savedMethods: { whilePaying: true, apart: true },
  // What it charges in the United States; a dispute says what it really was.
  disputeFee: { usual: money(1500n, 'USD' as Currency), returnedWhenWon: false },
};

const toleranceSeconds = 300;
/** A Checkout session lives for half an hour at least. */
const shortestSessionMs = 31 * 60_000;

/** Stripe, through its own SDK: Checkout sessions, payment intents, refunds, disputes, signed webhooks. */
export const createStripe = (settings: StripeSettings, now: () => Date): PaymentProvider => {
  const stripe = new Stripe(settings.secretKey, {
    ...addressOf(settings.apiUrl),
    maxNetworkRetries: 2,
    timeout: 15_000,
    telemetry: false,
  });
  return {
    name: 'stripe',
    capabilities,
    feeBasisPoints: 290n,
    acknowledgement: { contentType: 'application/json', body: '{"received":true}' },
    startPayment: (order) => asking(() => startSession(stripe, order, now())),
    findPayment: ({ providerRef }) =>
      providerRef === null
        ? Promise.resolve(null)
        : asking(async () =>
            noticeOfSession(
              await stripe.checkout.sessions.retrieve(providerRef, { expand: ['payment_intent'] }),
            ),
          ),
    refund: (order) => refund(stripe, order),
    findRefund: ({ providerRef }) =>
      providerRef === null
        ? Promise.resolve(null)
        : asking(async () => noticeOfRefund(await stripe.refunds.retrieve(providerRef))),
    verify: (delivery) => verify(stripe, settings.webhookSecret, delivery),
    startSetup: (setup) => asking(() => startSetup(stripe, setup)),
    chargeSaved: (charge) => chargeSaved(stripe, charge),
    describeMethod: (token) => describeMethod(stripe, token),
    removeMethod: (token) => removeMethod(stripe, token),
  };
};

const addressOf = (apiUrl: string | undefined): Stripe.StripeConfig => {
  if (apiUrl === undefined) return {};
  const { hostname, port, protocol } = new URL(apiUrl);
  return { host: hostname, port, protocol: protocol === 'http:' ? 'http' : 'https' };
};

const startSession = async (stripe: Stripe, order: PaymentOrder, now: Date) => {
  const { paymentId, orderId, amount, title, returnUrl, savesMethod = false } = order;
  const metadata = { paymentId, orderId };
  const earliest = now.getTime() + shortestSessionMs;
  const session = await stripe.checkout.sessions.create(
    {
      mode: 'payment',
      client_reference_id: paymentId,
      metadata,
      payment_intent_data: {
        metadata,
        ...(savesMethod ? { setup_future_usage: 'off_session' } : {}),
      },
      ...(savesMethod ? { customer_creation: 'always' } : {}),
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: amount.currency.toLowerCase(),
            unit_amount: toStripeAmount(amount),
            product_data: { name: title.slice(0, 250) },
          },
        },
      ],
      success_url: returnUrl,
      cancel_url: returnUrl,
      expires_at: Math.ceil(Math.max(order.expiresAt.getTime(), earliest) / 1000),
    },
    { idempotencyKey: `payment-${paymentId}` },
  );
  if (session.url === null) throw new ProviderUnavailable('the session has no page');
  return { providerRef: session.id, paymentUrl: session.url };
};

const refund = async (stripe: Stripe, order: RefundOrder): Promise<RefundAnswer> => {
  const { refundId, chargeRef, amount } = order;
  if (chargeRef === null) return { status: 'failed', reason: 'the payment has no intent' };
  try {
    const made = await stripe.refunds.create(
      { payment_intent: chargeRef, amount: toStripeAmount(amount), metadata: { refundId } },
      { idempotencyKey: `refund-${refundId}` },
    );
    const notice = noticeOfRefund(made);
    if (notice?.kind === 'refund-failed')
      return { status: 'failed', reason: made.failure_reason ?? 'refused' };
    return { status: notice === null ? 'pending' : 'settled', providerRef: made.id };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError)
      return { status: 'failed', reason: error.code ?? error.type };
    throw unavailable(error);
  }
};

const verify = (
  stripe: Stripe,
  secret: string,
  { rawBody, headers, now }: Delivery,
): VerifiedDelivery => {
  const event = eventOf(() =>
    stripe.webhooks.constructEvent(
      rawBody,
      headers['stripe-signature'] ?? '',
      secret,
      toleranceSeconds,
      undefined,
      now.getTime(),
    ),
  );
  return { eventId: event.id, type: event.type, notice: noticeOfEvent(event) };
};

const eventOf = (construct: () => Stripe.Event): Stripe.Event => {
  try {
    return construct();
  } catch (cause) {
    throw new DeliveryRefused('unsigned or stale', { cause });
  }
};

const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    throw unavailable(error);
  }
};
