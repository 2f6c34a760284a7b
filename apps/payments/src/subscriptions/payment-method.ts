import type { AccountId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';

/** What an account has given to pay with again: a provider's token, never the card itself. */
export interface PaymentMethod {
  readonly accountId: AccountId;
  readonly provider: string;
  readonly token: string;
  /** The same for the same card, from whichever account; null where a provider doesn't tell. */
  readonly fingerprint: string | null;
}

/** Remembers it; a provider's newest is the one that is used. */
export const savePaymentMethod = async (tx: Tx, method: PaymentMethod): Promise<void> => {
  await tx.db.query(
    `INSERT INTO payment_method (account_id, provider, token, fingerprint, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (account_id, provider) DO UPDATE
       SET token = excluded.token, fingerprint = excluded.fingerprint, created_at = excluded.created_at`,
    [method.accountId, method.provider, method.token, method.fingerprint, tx.now],
  );
};

/** The newest of each of these accounts. */
export const paymentMethodsOf = async (
  db: EntityManager,
  accountIds: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, PaymentMethod>> => {
  const rows = await db.query<PaymentMethod[]>(
    `SELECT DISTINCT ON (account_id) account_id AS "accountId", provider, token, fingerprint
     FROM payment_method WHERE account_id = ANY($1) ORDER BY account_id, created_at DESC, provider`,
    [accountIds],
  );
  return new Map(rows.map((method) => [method.accountId, method]));
};
