import assert from 'node:assert/strict';
import type { Tx } from '@lyceum/platform';
import { changeEntitlements } from '../entitlements/grant-entitlement';
import type { Fulfilment, LineOf } from '../orders/fulfilment';
import { changed } from './advance-due';
import { couponIn, openBooks } from './invoicing';
import type { Invoice } from './invoice.type';
import { keep } from './lifecycle';
import { plansAt } from './plans';
import { lockSubscription, selectInvoices } from './rows';
import { settledChange } from './settle-invoice';
import type { Subscription } from './subscription.type';
import { writeChanges } from './write-changes';

interface Billed {
  readonly subscription: Subscription;
  readonly invoice: Invoice;
}

/** The invoice that an order's line pays, and its subscription, both locked, in that order everywhere. */
const lockBilled = async (tx: Tx, { line }: LineOf): Promise<Billed> => {
  const [found] = await selectInvoices(tx.db, 'id = $1', [line.referenceId]);
  assert(found !== undefined, 'a line of a subscription is about its invoice');
  const subscription = await lockSubscription(tx.db, found.subscriptionId);
  const [invoice] = await selectInvoices(tx.db, 'id = $1 FOR UPDATE', [found.id]);
  assert(subscription !== null && invoice !== undefined, 'neither is ever deleted');
  return { subscription, invoice };
};

/**
 * An invoice that its subscriber pays on a provider's page. A refund does not end a subscription, which its subscriber
 * cancels apart; a dispute ends its access and all charges while it is open.
 */
export const subscriptionFulfilment: Fulfilment = {
  isAvailable: async (tx, of) => {
    const { subscription, invoice } = await lockBilled(tx, of);
    const isCharging = invoice.chargingSince !== null;
    return invoice.status === 'open' && subscription.status !== 'canceled' && !isCharging;
  },
  settled: async (tx, of) => {
    const { subscription: before, invoice } = await lockBilled(tx, of);
    const plan = (await plansAt(tx.db, [invoice.priceId])).get(invoice.priceId);
    assert(plan !== undefined, 'an invoice is for a plan');
    const coupon = couponIn(await openBooks(tx, [before]), before);
    const paying = { plan, coupon, orderId: of.order.id, now: tx.now };
    await writeChanges(tx, [settledChange(before, invoice, paying)]);
  },
  closed: async (tx, of) => {
    const { subscription: before, invoice } = await lockBilled(tx, of);
    if (invoice.status !== 'open') return;
    // What was late before is charged by itself again.
    const nextAttemptAt = before.status === 'past_due' ? tx.now : invoice.nextAttemptAt;
    const changedInvoice = changed(invoice, { orderId: null, nextAttemptAt });
    await writeChanges(tx, [{ before, after: before, notices: [], changedInvoice }]);
  },
  frozen: async (tx, { isFrozen, ...of }) => {
    const { subscription: before } = await lockBilled(tx, of);
    if (before.status !== 'canceled') {
      const after = isFrozen ? { ...before, cancelAtPeriodEnd: true } : keep(before);
      await writeChanges(tx, [{ before, after, notices: [] }]);
    }
    // Last: a term that changes with it gives the access anew.
    await changeEntitlements(tx, {
      source: { type: 'subscription', id: before.id },
      status: isFrozen ? 'suspended' : 'active',
    });
  },
};
