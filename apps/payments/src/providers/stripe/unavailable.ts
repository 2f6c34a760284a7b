import Stripe from 'stripe';
import { ProviderUnavailable } from '../provider';

/** What went wrong on the way is tried again; what we asked wrongly is a bug, and shows itself. */
export const unavailable = (error: unknown): unknown =>
  error instanceof Stripe.errors.StripeConnectionError ||
  error instanceof Stripe.errors.StripeAPIError ||
  error instanceof Stripe.errors.StripeRateLimitError ||
  error instanceof Stripe.errors.StripeAuthenticationError
    ? new ProviderUnavailable(error.message, { cause: error })
    : error;
