import { ConsentChanged, type AccountId } from '@lyceum/contracts';
import { useCase } from '@lyceum/platform';
import { Field, InputType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { requireAccount } from '../accounts/account.queries';
import { recordAudit } from '../audit/record-audit';
import { Consent, ConsentPurpose } from './consent.type';

@InputType({ description: 'A decision on one purpose.' })
export class SetConsentInput {
  @Field(() => ConsentPurpose) purpose!: ConsentPurpose;
  @Field(() => Boolean) isGiven!: boolean;
}

const columns = `purpose, is_given AS "isGiven", decided_at AS "decidedAt", version`;

/** Decisions are kept, each with its time. Deciding the same again is no new decision. */
export const setConsent = useCase(
  async (tx, { purpose, isGiven }: SetConsentInput): Promise<Consent> => {
    const accountId = await requireAccount(tx);
    await tx.db.query('SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE', [accountId]);
    const history = await consentHistory(tx.db, accountId);
    const last = history.find((consent) => consent.purpose === purpose);
    if (last?.isGiven === isGiven) return last;

    const version = (last?.version ?? 0) + 1;
    await tx.db.query(
      'INSERT INTO consent (account_id, purpose, version, is_given, decided_at) VALUES ($1, $2, $3, $4, $5)',
      [accountId, purpose, version, isGiven, tx.now],
    );
    await tx.emit(ConsentChanged, { accountId, purpose, isGiven, version });
    await recordAudit(tx, {
      action: 'privacy.consent-changed',
      communityId: null,
      subject: { type: 'Account', id: accountId },
      details: { purpose, isGiven: String(isGiven) },
    });
    return Object.assign(new Consent(), { purpose, isGiven, version, decidedAt: tx.now });
  },
);

/** Every decision, the newest first. */
export const consentHistory = async (
  db: EntityManager,
  accountId: AccountId,
): Promise<readonly Consent[]> => {
  const rows = await db.query<object[]>(
    `SELECT ${columns} FROM consent WHERE account_id = $1 ORDER BY decided_at DESC, version DESC LIMIT 500`,
    [accountId],
  );
  return rows.map((row) => Object.assign(new Consent(), row));
};

/** Whether the account agrees to the purpose now. Who was never asked does not. */
export const hasConsent = async (
  db: EntityManager,
  accountId: AccountId,
  purpose: ConsentPurpose,
): Promise<boolean> =>
  (await consentHistory(db, accountId)).find((consent) => consent.purpose === purpose)?.isGiven ??
  false;
