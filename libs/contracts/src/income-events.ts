import { z } from 'zod';
import { defineEvent } from './event';
import { id } from './ids';

/* What payments tells of subscriptions, payouts and other income that goes on after an order. */

export const SubscriptionChanged = defineEvent(
  'payments.subscription.changed.v1',
  "A subscription's state is now this; the highest version is in force.",
  {
    subscriptionId: id<'Subscription'>(),
    accountId: id<'Account'>(),
    communityId: id<'Community'>(),
    productId: id<'Product'>(),
    status: z.enum(['incomplete', 'trialing', 'active', 'past_due', 'paused', 'canceled']),
    periodEnd: z.iso.datetime(),
    cancelAtPeriodEnd: z.boolean(),
    version: z.int().positive(),
  },
);

export const SubscriptionNoticeDue = defineEvent(
  'payments.subscription.notice-due.v1',
  'There is something to tell a subscriber: that a trial or a period is about to end, that a payment failed.',
  {
    subscriptionId: id<'Subscription'>(),
    accountId: id<'Account'>(),
    communityId: id<'Community'>(),
    notice: z.enum([
      'trial-ending',
      'renewal-upcoming',
      'payment-failed',
      'ended',
      'paused',
      'resumed',
    ]),
    /** When what it is about happens, or did. */
    at: z.iso.datetime(),
  },
);

export const TipReceived = defineEvent('payments.tip.received.v1', 'A tip was paid.', {
  tipId: id<'Tip'>(),
  communityId: id<'Community'>(),
  targetType: z.enum(['article', 'answer', 'comment']),
  targetId: z.string(),
  authorId: id<'Member'>(),
  /** Null for a tipper who is no member. */
  tipperId: id<'Member'>().nullable(),
  amountMinor: z.string(),
  currency: z.string(),
});
