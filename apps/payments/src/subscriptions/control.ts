import assert from 'node:assert/strict';
import { requireUser, useCase, UserError, type Tx } from '@lyceum/platform';
import { openBooks } from './invoicing';
import type { Invoice } from './invoice.type';
import { changeOf, voidInvoice } from './advance-due';
import { cancel, keep, resume } from './lifecycle';
import { lockSubscription, selectInvoices, selectSubscriptions } from './rows';
import { SubscriptionNotChangeable, SubscriptionNotFound } from './subscription.errors';
import type { ProductSubscription, Subscription } from './subscription.type';
import { writeChanges } from './write-changes';

/*
 * What a subscriber does with a subscription. Each locks it first, and then what it asks for: in that order
 * everywhere, so that nothing deadlocks.
 */

export interface ById {
  readonly subscriptionId: string;
}

/** The actor's own subscription, locked. */
export const lockOwn = async (tx: Tx, id: string): Promise<Subscription | SubscriptionNotFound> => {
  const { accountId } = requireUser(tx);
  const subscription = await lockSubscription(tx.db, id);
  return subscription?.accountId === accountId ? subscription : new SubscriptionNotFound();
};

/** What it asks for, locked: nobody begins to charge it meanwhile. */
export const lockOpenInvoice = async (tx: Tx, id: string): Promise<Invoice | null> =>
  (await selectInvoices(tx.db, `subscription_id = $1 AND status = 'open' FOR UPDATE`, [id]))[0] ??
  null;

export const reread = async (
  tx: Tx,
  { id }: Pick<Subscription, 'id'>,
): Promise<ProductSubscription> => {
  const [now] = await selectSubscriptions(tx.db, 'subscription.id = $1', [id]);
  assert(now !== undefined, 'subscriptions are never deleted');
  return now;
};

/**
 * Nothing is charged any more, from this moment on. What is paid for stays until its end, unless the subscriber wants
 * it to end at once. A charge that a provider is being asked for at this very moment is the one exception: when it
 * succeeds its period is paid for, and the last one.
 */
export const cancelSubscription = useCase(
  async (
    tx,
    { subscriptionId, isAtOnce }: ById & { readonly isAtOnce: boolean },
  ): Promise<ProductSubscription | SubscriptionNotFound> => {
    const before = await lockOwn(tx, subscriptionId);
    if (before instanceof UserError) return before;
    if (before.status === 'canceled') return reread(tx, before);
    const invoice = await lockOpenInvoice(tx, before.id);
    if (invoice !== null && invoice.chargingSince !== null) {
      const after = { ...before, cancelAtPeriodEnd: true };
      await writeChanges(tx, [{ before, after, notices: [] }]);
      return reread(tx, before);
    }
    const { state, notices } = cancel(before, tx.now, { isAtOnce });
    const changedInvoice = invoice === null ? undefined : voidInvoice(invoice);
    await writeChanges(tx, [
      { before, after: { ...state, pendingPlan: null }, notices, changedInvoice },
    ]);
    return reread(tx, before);
  },
);

/** Takes a cancellation or a pause back, before it takes effect. */
export const keepSubscription = useCase(
  async (
    tx,
    { subscriptionId }: ById,
  ): Promise<ProductSubscription | SubscriptionNotFound | SubscriptionNotChangeable> => {
    const before = await lockOwn(tx, subscriptionId);
    if (before instanceof UserError) return before;
    if (before.status === 'canceled' || before.status === 'paused')
      return new SubscriptionNotChangeable('It has ended, or is paused.');
    await writeChanges(tx, [{ before, after: keep(before), notices: [] }]);
    return reread(tx, before);
  },
);

/** Gives nothing and costs nothing from the end of the period, until it is resumed or that time comes. */
export const pauseSubscription = useCase(
  async (
    tx,
    { subscriptionId, resumesAt }: ById & { readonly resumesAt: Date | null },
  ): Promise<ProductSubscription | SubscriptionNotFound | SubscriptionNotChangeable> => {
    const before = await lockOwn(tx, subscriptionId);
    if (before instanceof UserError) return before;
    if (before.status !== 'active' || before.cancelAtPeriodEnd)
      return new SubscriptionNotChangeable('Only an active subscription is paused.');
    if ((await lockOpenInvoice(tx, before.id)) !== null)
      return new SubscriptionNotChangeable('It is being paid for; try again when it is.');
    if (resumesAt !== null && resumesAt <= before.periodEnd)
      return new SubscriptionNotChangeable('It resumes after the end of its period.');
    const after = {
      ...before,
      pauseAtPeriodEnd: true,
      resumesAt,
      reminderAt: null,
      nextActionAt: before.periodEnd,
    };
    await writeChanges(tx, [{ before, after, notices: [] }]);
    return reread(tx, before);
  },
);

/** Goes on after a pause, with a new period that is charged at once; before a pause takes effect, as if it had not been. */
export const resumeSubscription = useCase(
  async (
    tx,
    { subscriptionId }: ById,
  ): Promise<ProductSubscription | SubscriptionNotFound | SubscriptionNotChangeable> => {
    const before = await lockOwn(tx, subscriptionId);
    if (before instanceof UserError) return before;
    if (before.pauseAtPeriodEnd) {
      await writeChanges(tx, [{ before, after: keep(before), notices: [] }]);
      return reread(tx, before);
    }
    if (before.status !== 'paused') return new SubscriptionNotChangeable('It is not paused.');
    const books = await openBooks(tx, [before]);
    const step = resume(before, tx.now);
    await writeChanges(tx, [changeOf(before, step, { books, now: tx.now })]);
    return reread(tx, before);
  },
);

/** What is late is charged again now: with another card, or because there is money again. */
export const retryPayment = useCase(
  async (tx, { subscriptionId }: ById): Promise<ProductSubscription | SubscriptionNotFound> => {
    const before = await lockOwn(tx, subscriptionId);
    if (before instanceof UserError) return before;
    await tx.db.query(
      `UPDATE subscription_invoice SET next_attempt_at = $2
       WHERE subscription_id = $1 AND status = 'open' AND charging_since IS NULL`,
      [before.id, tx.now],
    );
    return reread(tx, before);
  },
);
