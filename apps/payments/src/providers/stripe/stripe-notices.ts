import { isId } from '@lyceum/contracts';
import { money, parseCurrency, type Money } from '@lyceum/money';
import type Stripe from 'stripe';
import type { Notice, SavedMethod } from '../provider';

const ignored: Notice = { kind: 'ignored' };

/** Stripe's amounts are JSON numbers: exact as far as doubles are, and refused beyond. */
export const toStripeAmount = ({ amountMinor }: Money): number => {
  if (amountMinor > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('too much for Stripe');
  return Number(amountMinor);
};

const fromStripe = (count: number | null, currency: string | null): Money | null => {
  const known = parseCurrency((currency ?? '').toUpperCase());
  return known === null || count === null || !Number.isSafeInteger(count)
    ? null
    : money(BigInt(count), known);
};

const idOf = (ref: string | { id: string } | null | undefined): string | null =>
  typeof ref === 'string' ? ref : (ref?.id ?? null);

/** Our mark. An account may serve others as well: what does not bear it is none of ours. */
const ours = (metadata: Stripe.Metadata | null | undefined, name: string): string | null => {
  const id = metadata?.[name];
  return id !== undefined && isId(id) ? id : null;
};
const ourPayment = (metadata: Stripe.Metadata | null | undefined): string | null =>
  ours(metadata, 'paymentId');

const methodOf = (
  customer: string | { id: string } | null | undefined,
  method: string | { id: string } | null | undefined,
): SavedMethod | null => {
  const [customerId, methodId] = [idOf(customer), idOf(method)];
  return customerId === null || methodId === null ? null : { token: `${customerId}:${methodId}` };
};

/** What a payment was made with, if Stripe was told to keep it. */
const methodOfIntent = (
  intent: Pick<Stripe.PaymentIntent, 'customer' | 'payment_method' | 'setup_future_usage'>,
): SavedMethod | null =>
  intent.setup_future_usage === 'off_session'
    ? methodOf(intent.customer, intent.payment_method)
    : null;

/** What a Checkout session says of its payment; null while nothing is decided. */
export const noticeOfSession = (session: Stripe.Checkout.Session): Notice | null => {
  const paymentId = ourPayment(session.metadata);
  if (paymentId === null) return null;
  if (session.payment_status === 'paid') {
    const amount = fromStripe(session.amount_total, session.currency);
    const intent = session.payment_intent;
    const chargeRef = idOf(intent);
    const method = typeof intent === 'string' || intent == null ? null : methodOfIntent(intent);
    return amount === null
      ? null
      : { kind: 'payment-settled', paymentId, chargeRef, amount, fee: null, method };
  }
  return session.status === 'expired' ? { kind: 'payment-canceled', paymentId } : null;
};

/** What a refund's state says; null while nothing is decided, and for refunds that are not ours. */
export const noticeOfRefund = (refund: Stripe.Refund): Notice | null => {
  const refundId = refund.metadata?.['refundId'];
  if (refundId === undefined || !isId(refundId)) return null;
  switch (refund.status) {
    case 'succeeded':
      return { kind: 'refund-settled', refundId };
    case 'failed':
    case 'canceled':
      return { kind: 'refund-failed', refundId };
    default:
      return null;
  }
};

const noticeOfIntent = (type: string, intent: Stripe.PaymentIntent): Notice => {
  const paymentId = ourPayment(intent.metadata);
  if (paymentId === null) return ignored;
  if (type === 'payment_intent.payment_failed') return { kind: 'payment-declined', paymentId };
  if (type === 'payment_intent.canceled') return { kind: 'payment-canceled', paymentId };
  const amount = fromStripe(intent.amount_received, intent.currency);
  return amount === null
    ? ignored
    : {
        kind: 'payment-settled',
        paymentId,
        chargeRef: intent.id,
        amount,
        fee: null,
        method: methodOfIntent(intent),
      };
};

const noticeOfSetup = (intent: Stripe.SetupIntent): Notice => {
  const setupId = ours(intent.metadata, 'setupId');
  const method = methodOf(intent.customer, intent.payment_method);
  return setupId === null || method === null ? ignored : { kind: 'method-saved', setupId, method };
};

/** It has no customer any more, so the event says whose it was. */
const noticeOfDetachment = (
  method: Stripe.PaymentMethod,
  before: { readonly customer?: unknown } | undefined,
): Notice => {
  const customer = before?.customer;
  return typeof customer === 'string'
    ? { kind: 'method-ended', token: `${customer}:${method.id}` }
    : ignored;
};

/** What Stripe took for the dispute itself, and did not give back; null while it does not say. An inquiry costs nothing. */
const feeOfDispute = ({ status, currency, ...dispute }: Stripe.Dispute): Money | null => {
  if (status.startsWith('warning_')) return fromStripe(0, currency);
  // Absent in older versions of the API, whatever its type says.
  const booked = (dispute.balance_transactions as Stripe.BalanceTransaction[] | undefined) ?? [];
  const total = booked.reduce((sum, { fee }) => sum + fee, 0);
  return total < 0 ? null : fromStripe(total, booked[0]?.currency ?? null);
};

const noticeOfDispute = (type: string, dispute: Stripe.Dispute): Notice => {
  const amount = fromStripe(dispute.amount, dispute.currency);
  const chargeRef = idOf(dispute.payment_intent);
  if (amount === null || chargeRef === null) return ignored;
  const of = {
    disputeRef: dispute.id,
    paymentId: null,
    chargeRef,
    amount,
    reason: dispute.reason,
    fee: feeOfDispute(dispute),
  };
  if (type === 'charge.dispute.created') return { kind: 'dispute-opened', ...of };
  // An inquiry that is closed was none in the end.
  if (dispute.status === 'won' || dispute.status === 'warning_closed')
    return { kind: 'dispute-won', ...of };
  return dispute.status === 'lost' ? { kind: 'dispute-lost', ...of } : ignored;
};

/** An event in the vocabulary of the port. */
export const noticeOfEvent = (event: Stripe.Event): Notice => {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired':
      return noticeOfSession(event.data.object) ?? ignored;
    case 'checkout.session.async_payment_failed': {
      const paymentId = ourPayment(event.data.object.metadata);
      return paymentId === null ? ignored : { kind: 'payment-declined', paymentId };
    }
    case 'payment_intent.succeeded':
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled':
      return noticeOfIntent(event.type, event.data.object);
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return noticeOfRefund(event.data.object) ?? ignored;
    case 'setup_intent.succeeded':
      return noticeOfSetup(event.data.object);
    case 'payment_method.detached':
      return noticeOfDetachment(event.data.object, event.data.previous_attributes);
    case 'charge.dispute.created':
    case 'charge.dispute.closed':
      return noticeOfDispute(event.type, event.data.object);
    default:
      return ignored;
  }
};
