import { newId, type AccountId } from '@lyceum/contracts';
import { enqueue, type Ctx, type Tx } from '@lyceum/platform';
import type { ProofId } from '../proofs/proof.entity';
import { sendMail } from './send-mail.job';
import type { MailTemplate } from './templates';

export interface NewMail {
  readonly accountId: AccountId;
  readonly template: MailTemplate;
  /** Whose token it carries; one of this transaction. */
  readonly proofId?: ProofId;
  /** Instead of the account's own address. */
  readonly to?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/**
 * Leaves a mail to be sent after the commit, in the account's language. An account without an address gets
 * none. Call `hurryMail` after the transaction: without it the mail leaves within half a minute.
 */
export const writeMail = async (tx: Tx, mail: NewMail): Promise<void> => {
  await tx.db.query(
    `INSERT INTO mail (id, account_id, recipient, template, locale, details, proof_id, next_try_at, created_at)
     SELECT $1, id, coalesce($2, email), $3, CASE WHEN lower(locale) LIKE 'zh%' THEN 'zh-CN' ELSE 'en' END,
            jsonb_build_object('name', display_name) || $4::jsonb, $5, $6, $6
     FROM account WHERE id = $7 AND coalesce($2, email) IS NOT NULL`,
    [
      newId<'Mail'>(),
      mail.to ?? null,
      mail.template,
      JSON.stringify(mail.details ?? {}),
      mail.proofId ?? null,
      tx.now,
      mail.accountId,
    ],
  );
};

/** A mail whose reader is looked up when it is sent, so that asking takes the same time for everybody. */
export const writeMailToAddress = async (
  tx: Tx,
  to: string,
  template: MailTemplate,
): Promise<void> => {
  await tx.db.query(
    `INSERT INTO mail (id, recipient, template, locale, next_try_at, created_at) VALUES ($1, $2, $3, 'en', $4, $4)`,
    [newId<'Mail'>(), to, template, tx.now],
  );
};

/** Has what waits sent now. Never fails: while the queue is away, mail is late. */
export const hurryMail = (ctx: Ctx): void => {
  enqueue(ctx.deps, sendMail, { input: {} }).catch((error: unknown) => {
    ctx.log.warn({ err: error }, 'mail.not-hurried');
  });
};
