import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import { multiplyByRatio, type Money } from '@lyceum/money';
import { useCase, type Tx } from '@lyceum/platform';
import { kitOf } from '../kit';
import type { ChargeAnswer } from '../providers/provider';
import type { Invoice } from './invoice.type';
import { couponIn, openBooks } from './invoicing';
import { plansAt } from './plans';
import { recordSales, type Sale } from './record-sales';
import { selectInvoices, selectSubscriptions } from './rows';
import { declinedChange, settledChange } from './settle-invoice';
import { writeChanges } from './write-changes';

/** What a provider said of an invoice that it was asked to charge; null when it said nothing. */
export interface Charge {
  readonly invoiceId: Invoice['id'];
  readonly provider: string | null;
  readonly answer: ChargeAnswer | null;
}

type Decided = Exclude<ChargeAnswer, { status: 'pending' }>;

/**
 * Records what providers answered: money is booked, periods go on, plans change, dunning begins or goes on. An answer
 * that is recorded already changes nothing; what is pending stays claimed and is asked for again.
 */
export const recordCharges = useCase(async (tx, charges: readonly Charge[]): Promise<void> => {
  const answers = new Map<Invoice['id'], { provider: string | null; answer: Decided }>();
  for (const { invoiceId, provider, answer } of charges)
    if (answer !== null && answer.status !== 'pending')
      answers.set(invoiceId, { provider, answer });
  await rememberPending(tx, charges);
  await applyAnswers(tx, answers);
});

/** By what name to ask for it the next time. */
const rememberPending = async (tx: Tx, charges: readonly Charge[]): Promise<void> => {
  for (const { invoiceId, answer } of charges)
    if (answer?.status === 'pending')
      await tx.db.query(
        `UPDATE subscription_invoice SET charge_ref = $2
         WHERE id = $1 AND status = 'open' AND charging_since IS NOT NULL`,
        [invoiceId, answer.providerRef],
      );
};

/** The same in a transaction that there is. Returns how many invoices were decided by it. */
export const applyAnswers = async (
  tx: Tx,
  answers: ReadonlyMap<Invoice['id'], { provider: string | null; answer: Decided }>,
): Promise<number> => {
  if (answers.size === 0) return 0;
  const ids = [...answers.keys()];
  const subscriptions = await selectSubscriptions(
    tx.db,
    `subscription.id IN (SELECT subscription_id FROM subscription_invoice WHERE id = ANY($1))
     ORDER BY subscription.id FOR UPDATE OF subscription`,
    [ids],
  );
  const invoices = await selectInvoices(
    tx.db,
    `id = ANY($1) AND status = 'open' AND charging_since IS NOT NULL ORDER BY id FOR UPDATE`,
    [ids],
  );
  const byId = new Map(subscriptions.map((subscription) => [subscription.id, subscription]));
  const plans = await plansAt(
    tx.db,
    invoices.map(({ priceId }) => priceId),
  );
  const books = await openBooks(tx, subscriptions);
  const sales: Sale[] = [];
  const changes = invoices.map((invoice) => {
    const before = byId.get(invoice.subscriptionId);
    const plan = plans.get(invoice.priceId);
    const given = answers.get(invoice.id);
    assert(before !== undefined && plan !== undefined && given !== undefined);
    const { answer, provider } = given;
    if (answer.status === 'declined')
      return declinedChange(before, invoice, { ...answer, now: tx.now });
    assert(provider !== null, 'a provider has settled it');
    if (before.status === 'canceled')
      tx.log.error({ invoiceId: invoice.id }, 'subscription.paid-after-its-end');
    const orderId = newId<'Order'>();
    const fee = answer.fee ?? usualFee(tx, provider, invoice.total);
    const { providerRef } = answer;
    sales.push({ orderId, invoice, subscription: before, provider, providerRef, fee });
    const coupon = couponIn(books, before);
    return settledChange(before, invoice, { plan, coupon, orderId, now: tx.now });
  });
  await recordSales(tx, sales);
  await writeChanges(tx, changes);
  return changes.length;
};

/** By the provider's rate, for one that doesn't tell; never more than exact. */
const usualFee = (tx: Tx, provider: string, amount: Money): Money => {
  const numerator = kitOf(tx).providers.get(provider)?.feeBasisPoints ?? 0n;
  return multiplyByRatio(amount, { numerator, denominator: 10_000n }, 'down');
};
