import { useCase } from '@lyceum/platform';
import { draftFrom, openBooks, type Books } from './invoicing';
import { Invoice } from './invoice.type';
import { advance, paid, type Step } from './lifecycle';
import { selectSubscriptions } from './rows';
import { planColumns, type Subscription } from './subscription.type';
import { writeChanges, type Change } from './write-changes';

/**
 * Lets the clock come to up to `limit` subscriptions: trials and periods end, the next ones begin and are invoiced,
 * reminders are told. Safe in many processes at once: rows are claimed with SKIP LOCKED. Returns how many there were;
 * call it until there are none.
 */
export const advanceDue = useCase(async (tx, { limit }: { limit: number }): Promise<number> => {
  const due = await selectSubscriptions(
    tx.db,
    `subscription.next_action_at <= $1 ORDER BY subscription.next_action_at, subscription.id
     LIMIT $2 FOR UPDATE OF subscription SKIP LOCKED`,
    [tx.now, limit],
  );
  if (due.length === 0) return 0;
  const books = await openBooks(tx, due);
  await writeChanges(
    tx,
    due.map((before) => changeOf(before, advance(before, tx.now), { books, now: tx.now })),
  );
  return due.length;
});

/** What a step comes to, its invoice included. What costs nothing is paid at once. */
export const changeOf = (
  before: Subscription,
  { state, isBilled, notices }: Step<Subscription>,
  { books, now }: { readonly books: Books; readonly now: Date },
): Change => {
  if (!isBilled) return { before, after: state, notices };
  const billed = withPlan(state);
  const { invoice, periodAmount, carried, usedItems } = draftFrom(books, billed, now);
  const after = { ...billed, periodPaidMinor: periodAmount.amountMinor };
  const isFree = invoice.totalMinor === 0n;
  return {
    before,
    after: isFree ? paid(after, now) : after,
    notices,
    newInvoice: isFree ? paidInvoice(invoice, now) : invoice,
    usedItems,
    newItem:
      carried.amountMinor === 0n
        ? undefined
        : { description: 'Credit carried over', amount: carried },
  };
};

/** A plan that waited for the next period comes into force with it. */
const withPlan = (state: Subscription): Subscription =>
  state.pendingPlan === null
    ? state
    : { ...state, ...planColumns(state.pendingPlan), pendingPlan: null };

export const paidInvoice = (invoice: Invoice, now: Date, orderId: string | null = null): Invoice =>
  changed(invoice, {
    status: 'paid',
    paidAt: now,
    orderId,
    nextAttemptAt: null,
    chargingSince: null,
    chargeRef: null,
    chargeProvider: null,
    problem: null,
  });

export const voidInvoice = (invoice: Invoice): Invoice =>
  changed(invoice, {
    status: 'void',
    nextAttemptAt: null,
    chargeId: null,
    chargingSince: null,
    chargeRef: null,
    chargeProvider: null,
  });

export const changed = (invoice: Invoice, changes: Partial<Invoice>): Invoice =>
  Object.assign(new Invoice(), invoice, changes);
