import { newId } from '@lyceum/contracts';
import { isZero, type Currency, type Money } from '@lyceum/money';
import { groupBy, type Tx } from '@lyceum/platform';
import { itemOf, type Item } from './draw-invoice';
import type { InvoiceId, SubscriptionId } from './subscription.type';

/** What waits for the next invoice of these subscriptions, oldest first. */
export const waitingItems = async (
  tx: Tx,
  subscriptionIds: readonly SubscriptionId[],
): Promise<ReadonlyMap<SubscriptionId, readonly Item[]>> => {
  const rows = await tx.db.query<
    {
      id: string;
      subscriptionId: SubscriptionId;
      description: string;
      amountMinor: string;
      currency: Currency;
    }[]
  >(
    `SELECT id, subscription_id AS "subscriptionId", description, amount_minor AS "amountMinor", currency
     FROM subscription_item WHERE subscription_id = ANY($1) AND invoice_id IS NULL ORDER BY id`,
    [subscriptionIds],
  );
  const grouped = groupBy(rows, (row) => row.subscriptionId);
  return new Map([...grouped].map(([id, own]) => [id, own.map(itemOf)]));
};

/** These items are on an invoice now. */
export const useItems = async (
  tx: Tx,
  used: readonly { readonly itemId: string; readonly invoiceId: InvoiceId }[],
): Promise<void> => {
  if (used.length === 0) return;
  await tx.db.query(
    `UPDATE subscription_item SET invoice_id = used."invoiceId"
     FROM json_to_recordset($1::json) AS used ("itemId" uuid, "invoiceId" uuid) WHERE id = used."itemId"`,
    [JSON.stringify(used)],
  );
};

/** Puts amounts on the next invoices; zeros are left out. */
export const addItems = async (
  tx: Tx,
  items: readonly {
    readonly subscriptionId: SubscriptionId;
    readonly description: string;
    readonly amount: Money;
  }[],
): Promise<void> => {
  const rows = items
    .filter(({ amount }) => !isZero(amount))
    .map(({ subscriptionId, description, amount }) => ({
      id: newId<'Item'>(),
      subscription_id: subscriptionId,
      description,
      amount_minor: amount.amountMinor.toString(),
      currency: amount.currency,
      created_at: tx.now,
    }));
  if (rows.length === 0) return;
  await tx.db.query(
    `INSERT INTO subscription_item (id, subscription_id, description, amount_minor, currency, created_at)
     SELECT id, subscription_id, description, amount_minor, currency, created_at
     FROM json_to_recordset($1::json) AS row (id uuid, subscription_id uuid, description text, amount_minor bigint,
       currency text, created_at timestamptz)`,
    [JSON.stringify(rows)],
  );
};
