import { isId } from '@lyceum/contracts';
import { money, parseCurrency, type Money } from '@lyceum/money';
import type Stripe from 'stripe';
import type { Notice } from '../provider';

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
const ourPayment = (metadata: Stripe.Metadata | null | undefined): string | null => {
  const id = metadata?.['paymentId'];
  return id !== undefined && isId(id) ? id : null;
};

/** What a Checkout session says of its payment; null while nothing is decided. */
export const noticeOfSession = (session: Stripe.Checkout.Session): Notice | null => {
  const paymentId = ourPayment(session.metadata);
  if (paymentId === null) return null;
  if (session.payment_status === 'paid') {
    const amount = fromStripe(session.amount_total, session.currency);
    const chargeRef = idOf(session.payment_intent);
    return amount === null
      ? null
      : { kind: 'payment-settled', paymentId, chargeRef, amount, fee: null };
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
    : { kind: 'payment-settled', paymentId, chargeRef: intent.id, amount, fee: null };
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
    case 'charge.dispute.created':
    case 'charge.dispute.closed':
      return noticeOfDispute(event.type, event.data.object);
    default:
      return ignored;
  }
};
