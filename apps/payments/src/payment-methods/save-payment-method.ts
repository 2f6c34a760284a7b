import { newId, type AccountId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { SavedMethod } from '../providers/provider';

export interface NewMethod {
  readonly accountId: AccountId;
  readonly provider: string;
  readonly method: SavedMethod;
  /** When its owner agreed that it is kept and charged again. */
  readonly consentedAt: Date;
}

type Agreed = Pick<NewMethod, 'accountId' | 'consentedAt'>;

/** Keeps what an account has left to pay with; it is the default from now on. What is late is charged to it. */
export const savePaymentMethod = async (tx: Tx, saved: NewMethod): Promise<void> => {
  const { accountId, provider, method, consentedAt } = saved;
  const rows = await tx.db.query<unknown[]>(
    `INSERT INTO payment_method (id, account_id, provider, token, consented_at, created_at, preferred_at)
     VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (account_id, provider, token) DO NOTHING RETURNING 1`,
    [newId<'PaymentMethod'>(), accountId, provider, method.token, consentedAt, tx.now],
  );
  if (rows.length > 0) await chargeWhatIsLate(tx, accountId);
};

/** What was declined, or waits for its first payment, is asked for again with what the account pays with now. */
export const chargeWhatIsLate = (tx: Tx, accountId: AccountId): Promise<unknown> =>
  tx.db.query(
    `UPDATE subscription_invoice AS invoice SET next_attempt_at = $2
     FROM subscription
     WHERE subscription.id = invoice.subscription_id AND subscription.account_id = $1
       AND subscription.status IN ('past_due', 'incomplete')
       AND invoice.status = 'open' AND invoice.charging_since IS NULL AND invoice.order_id IS NULL`,
    [accountId, tx.now],
  );

/** A payment has settled: what it was made with is kept if its buyer agreed to that when paying. */
export const keepMethodOfPayment = async (
  tx: Tx,
  { provider, paymentId, method }: { provider: string; paymentId: string; method: SavedMethod },
): Promise<void> => {
  // Once: told again, it does not bring back what its owner has removed meanwhile.
  const [rows] = await tx.db.query<[Agreed[], number]>(
    `UPDATE payment SET saves_method = false FROM sales_order
     WHERE payment.id = $1 AND payment.provider = $2 AND payment.saves_method AND sales_order.id = payment.order_id
     RETURNING sales_order.buyer_id AS "accountId", payment.created_at AS "consentedAt"`,
    [paymentId, provider],
  );
  for (const agreed of rows) await savePaymentMethod(tx, { ...agreed, provider, method });
};

/** A buyer has left something to pay with on a provider's page. False for a setup that nobody has begun. */
export const finishSetup = async (
  tx: Tx,
  { provider, setupId, method }: { provider: string; setupId: string; method: SavedMethod },
): Promise<boolean> => {
  const [setup] = await tx.db.query<(Agreed & { finishedAt: Date | null })[]>(
    `SELECT account_id AS "accountId", created_at AS "consentedAt", finished_at AS "finishedAt"
     FROM payment_method_setup WHERE id = $1 AND provider = $2 FOR UPDATE`,
    [setupId, provider],
  );
  if (setup?.finishedAt !== null) return setup !== undefined;
  const { accountId, consentedAt } = setup;
  await savePaymentMethod(tx, { accountId, provider, method, consentedAt });
  await tx.db.query('UPDATE payment_method_setup SET finished_at = $2 WHERE id = $1', [
    setupId,
    tx.now,
  ]);
  return true;
};

/** It was ended at the provider, and cannot be charged any more. */
export const forgetMethod = (tx: Tx, provider: string, token: string): Promise<unknown> =>
  tx.db.query('DELETE FROM payment_method WHERE provider = $1 AND token = $2', [provider, token]);
