import { SubscriptionChanged, SubscriptionNoticeDue } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { grantEntitlements, type Grant } from '../entitlements/grant-entitlement';
import type { Item } from './draw-invoice';
import { releaseCoupon } from '../coupons/reserve-coupon';
import { addItems, useItems } from './items';
import { accessEndsAt, type Notice } from './lifecycle';
import { insertInvoices, updateInvoices, updateSubscriptions } from './rows';
import type { Invoice } from './invoice.type';
import type { Subscription } from './subscription.type';

/** What became of one subscription in a transaction. */
export interface Change {
  readonly before: Subscription;
  readonly after: Subscription;
  readonly notices: readonly Notice[];
  readonly newInvoice?: Invoice | undefined;
  /** What waited for the new invoice and is on it. */
  readonly usedItems?: readonly Item[];
  /** What the next invoice takes up. */
  readonly newItem?: Omit<Item, 'id'> | undefined;
  readonly changedInvoice?: Invoice | undefined;
}

/**
 * Writes what became of subscriptions, gives them the access that follows from it, and tells of it: the one way in
 * which a subscription changes, so that none of the three is forgotten. The subscriptions are locked.
 */
export const writeChanges = async (tx: Tx, changes: readonly Change[]): Promise<void> => {
  await updateSubscriptions(
    tx.db,
    changes.map(({ after }) => after),
  );
  await insertInvoices(
    tx.db,
    changes.flatMap(({ newInvoice = [] }) => newInvoice),
  );
  await updateInvoices(
    tx.db,
    changes.flatMap(({ changedInvoice = [] }) => changedInvoice),
  );
  await dropWhatWasAsked(tx, changes);
  await useItems(tx, changes.flatMap(usesOf));
  await addItems(
    tx,
    changes.flatMap(({ after, newItem }) =>
      newItem === undefined ? [] : [{ subscriptionId: after.id, ...newItem }],
    ),
  );
  await giveAccess(tx, changes);
  for (const change of changes) await tellOf(tx, change);
};

/** What is over asks for nothing any more; what never began has used no coupon. */
const dropWhatWasAsked = async (tx: Tx, changes: readonly Change[]): Promise<void> => {
  const ended = changes.filter(
    ({ before, after }) => before.status !== 'canceled' && after.status === 'canceled',
  );
  if (ended.length === 0) return;
  await tx.db.query(
    `UPDATE subscription_invoice SET status = 'void', next_attempt_at = NULL
     WHERE subscription_id = ANY($1) AND status = 'open' AND charging_since IS NULL`,
    [ended.map(({ after }) => after.id)],
  );
  for (const { before } of ended)
    if (before.status === 'incomplete') await releaseCoupon(tx, before.id);
};

const usesOf = ({ newInvoice, usedItems = [] }: Change) =>
  newInvoice === undefined
    ? []
    : usedItems.map(({ id }) => ({ itemId: id, invoiceId: newInvoice.id }));

const giveAccess = async (tx: Tx, changes: readonly Change[]): Promise<void> => {
  const moved = changes.filter(({ before, after }) => isOtherAccess(before, after));
  await grantEntitlements(
    tx,
    moved.flatMap((change) => grantsOf(change, tx.now)),
  );
};

const grantsOf = ({ before, after }: Change, now: Date): readonly Grant[] => {
  const endsAt = accessEndsAt(after);
  if (endsAt === null) return [];
  const of = {
    accountId: after.accountId,
    communityId: after.communityId,
    source: { type: 'subscription', id: after.id },
    startsAt: after.createdAt,
  };
  const given = { ...of, productId: after.productId, endsAt: later(endsAt, after.createdAt) };
  // What it gave before a change of plan ends where the new plan begins.
  return before.productId === after.productId
    ? [given]
    : [{ ...of, productId: before.productId, endsAt: later(now, after.createdAt) }, given];
};

const later = (a: Date, b: Date): Date => (a > b ? a : b);

const isOtherAccess = (before: Subscription, after: Subscription): boolean =>
  before.productId !== after.productId ||
  accessEndsAt(before)?.getTime() !== accessEndsAt(after)?.getTime();

const tellOf = async (tx: Tx, { after, notices }: Change): Promise<void> => {
  const { id: subscriptionId, accountId, communityId } = after;
  await tx.emit(SubscriptionChanged, {
    subscriptionId,
    accountId,
    communityId,
    productId: after.productId,
    status: after.status,
    periodEnd: after.periodEnd.toISOString(),
    cancelAtPeriodEnd: after.cancelAtPeriodEnd,
    version: after.version + 1, // as it was written
  });
  for (const notice of notices) {
    const at = noticeTime(notice, after, tx.now).toISOString();
    await tx.emit(SubscriptionNoticeDue, { subscriptionId, accountId, communityId, notice, at });
  }
};

const noticeTime = (notice: Notice, after: Subscription, now: Date): Date => {
  switch (notice) {
    case 'trial-ending':
    case 'renewal-upcoming':
      return after.periodEnd;
    case 'ended':
      return after.endedAt ?? now;
    case 'payment-failed':
    case 'paused':
    case 'resumed':
      return now;
  }
};
