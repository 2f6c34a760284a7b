import Stripe from 'stripe';
import {
  ProviderUnavailable,
  type ChargeAnswer,
  type ChargeProblem,
  type MethodDetails,
  type MethodSetup,
  type SavedCharge,
  type StartedPayment,
} from '../provider';
import { toStripeAmount } from './stripe-notices';
import { unavailable } from './unavailable';

/*
 * What a buyer leaves with Stripe to pay with again. Its token is `customer:method`: Stripe charges a method only for the
 * customer it is attached to.
 */

/** A Checkout session that asks for a payment method, and for no payment. */
export const startSetup = async (
  stripe: Stripe,
  { setupId, currency, returnUrl }: MethodSetup,
): Promise<StartedPayment> => {
  const metadata = { setupId };
  const session = await stripe.checkout.sessions.create(
    {
      mode: 'setup',
      currency: currency.toLowerCase(),
      customer_creation: 'always',
      client_reference_id: setupId,
      metadata,
      setup_intent_data: { metadata },
      success_url: returnUrl,
      cancel_url: returnUrl,
    },
    { idempotencyKey: `setup-${setupId}` },
  );
  if (session.url === null) throw new ProviderUnavailable('the session has no page');
  return { providerRef: session.id, paymentUrl: session.url };
};

/** Declines after which Stripe advises never to ask again. A card that expired is often replaced. */
const hardDeclines = new Set([
  'stolen_card',
  'lost_card',
  'pickup_card',
  'fraudulent',
  'do_not_honor_permanently',
  'incorrect_number',
  'invalid_account',
  'card_not_supported',
  'revocation_of_authorization',
  'revocation_of_all_authorizations',
]);

const problems: Readonly<Record<string, ChargeProblem>> = {
  authentication_required: 'needs-confirmation',
  expired_card: 'method-expired',
  resource_missing: 'no-method',
  payment_method_unactivated: 'no-method',
};

const declined = (reason: string): ChargeAnswer => ({
  status: 'declined',
  isHard: hardDeclines.has(reason),
  problem: problems[reason] ?? 'declined',
  reason,
});

/** One that was asked before and not decided is looked up: Stripe keeps an idempotency key for a day only. */
export const chargeSaved = async (stripe: Stripe, charge: SavedCharge): Promise<ChargeAnswer> => {
  try {
    const intent =
      charge.providerRef === null
        ? await createIntent(stripe, charge)
        : await stripe.paymentIntents.retrieve(charge.providerRef);
    return answerOf(intent);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) {
      // Absent when the bank gave none, whatever its type says.
      const code = error.decline_code as string | undefined;
      return declined(
        error.code === 'authentication_required' ? error.code : (code ?? error.code ?? 'declined'),
      );
    }
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code !== undefined)
      return declined(error.code);
    throw unavailable(error);
  }
};

const createIntent = (
  stripe: Stripe,
  { chargeId, token, amount, title }: SavedCharge,
): Promise<Stripe.PaymentIntent> => {
  const [customer = '', method = ''] = token.split(':');
  return stripe.paymentIntents.create(
    {
      amount: toStripeAmount(amount),
      currency: amount.currency.toLowerCase(),
      customer,
      payment_method: method,
      off_session: true,
      confirm: true,
      description: title.slice(0, 250),
      metadata: { paymentId: chargeId },
    },
    { idempotencyKey: `charge-${chargeId}` },
  );
};

const answerOf = (intent: Stripe.PaymentIntent): ChargeAnswer => {
  switch (intent.status) {
    case 'succeeded':
      return { status: 'settled', providerRef: intent.id, fee: null };
    case 'requires_action':
    case 'requires_confirmation':
      return declined('authentication_required');
    case 'requires_payment_method':
    case 'canceled':
      return declined(intent.last_payment_error?.code ?? 'declined');
    default:
      return { status: 'pending', providerRef: intent.id };
  }
};

export const describeMethod = async (
  stripe: Stripe,
  token: string,
): Promise<MethodDetails | null> => {
  const method = await orMissing(() => stripe.paymentMethods.retrieve(methodIn(token)));
  if (method === null) return null;
  const { card } = method;
  if (card === undefined) return { label: method.type, fingerprint: null, expiresAt: null };
  return {
    label: `${card.brand} •••• ${card.last4}`,
    fingerprint: card.fingerprint ?? null,
    // A card is good until the end of its month.
    expiresAt: new Date(Date.UTC(card.exp_year, card.exp_month, 1)),
  };
};

export const removeMethod = async (stripe: Stripe, token: string): Promise<void> => {
  await orMissing(() => stripe.paymentMethods.detach(methodIn(token)));
};

const methodIn = (token: string): string => token.split(':')[1] ?? '';

/** What Stripe says is none of a customer's has been removed before. */
const orMissing = async <T>(ask: () => Promise<T>): Promise<T | null> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return null;
    throw unavailable(error);
  }
};
