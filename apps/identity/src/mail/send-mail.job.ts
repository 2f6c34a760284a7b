import { defineJob, inTransaction, type Ctx } from '@lyceum/platform';
import { z } from 'zod';
import { kitOf } from '../kit';
import { issueProof, proofToken } from '../proofs/proofs';
import type { Mail, MailId } from './mail.entity';
import { MailRefused } from './mailer';
import { isMailTemplate, mailLocaleOf, renderMail, type MailContent } from './templates';

const batchSize = 20;
/** Longer than one try can take: who has claimed a mail and died loses it after that. */
const claimMs = 60_000;
const maxAttempts = 10;

/**
 * Sends what is due. Several may run at once: each mail is claimed by one. A mail is sent at least once: should
 * the process die after the server took it, it is sent again, with the same Message-ID.
 */
export const sendMail = defineJob({
  name: 'identity.send-mail',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 120_000,
  concurrency: 1,
  everyMs: 30_000,
  hasOwnQueue: true,
  async run({ ctx, signal }) {
    for (;;) {
      const due = await claim(ctx);
      for (const mail of due) {
        if (signal.aborted) return;
        await deliver(ctx, mail);
      }
      if (due.length < batchSize) return;
    }
  },
});

type Claimed = Pick<
  Mail,
  'id' | 'accountId' | 'recipient' | 'template' | 'locale' | 'details' | 'proofId' | 'attempts'
>;

const columns = `id, account_id AS "accountId", recipient, template, locale, details, proof_id AS "proofId", attempts`;

const claim = async (ctx: Ctx): Promise<readonly Claimed[]> => {
  const now = ctx.deps.now();
  const [rows] = await ctx.db.query<[Claimed[], number]>(
    `UPDATE mail SET attempts = attempts + 1, next_try_at = $2
     WHERE id IN (SELECT id FROM mail WHERE state = 'waiting' AND next_try_at <= $1
                  ORDER BY next_try_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
     RETURNING ${columns}`,
    [now, new Date(now.getTime() + claimMs)],
  );
  return rows;
};

const deliver = async (ctx: Ctx, claimed: Claimed): Promise<void> => {
  const { mailer } = kitOf(ctx);
  try {
    const mail = await addressed(ctx, claimed);
    if (mail === null) return;
    if (mailer === null) {
      await settle(ctx, mail.id, 'kept');
      return;
    }
    const content = contentOf(ctx, mail);
    if (content === null) {
      await settle(ctx, mail.id, 'failed');
      return;
    }
    await mailer.send({
      ...content,
      to: mail.recipient,
      messageId: `<${mail.id}@${hostOf(kitOf(ctx).mail.from)}>`,
    });
    await settle(ctx, mail.id, 'sent');
  } catch (error) {
    await retryOrGiveUp(ctx, claimed, error);
  }
};

const hostOf = (from: string): string => /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';

const settle = async (ctx: Ctx, id: MailId, state: 'sent' | 'kept' | 'failed'): Promise<void> => {
  await ctx.db.query('UPDATE mail SET state = $2 WHERE id = $1', [id, state]);
  ctx.log.info({ mailId: id, state }, 'mail.settled');
};

const retryOrGiveUp = async (ctx: Ctx, mail: Claimed, error: unknown): Promise<void> => {
  ctx.log.warn({ err: error, mailId: mail.id, attempt: mail.attempts }, 'mail.try-failed');
  if (error instanceof MailRefused || mail.attempts >= maxAttempts)
    return settle(ctx, mail.id, 'failed');
  const waitMs = Math.min(30_000 * 2 ** (mail.attempts - 1), 6 * 60 * 60 * 1_000);
  await ctx.db.query('UPDATE mail SET next_try_at = $2 WHERE id = $1', [
    mail.id,
    new Date(ctx.deps.now().getTime() + waitMs),
  ]);
};

/**
 * A request to reset a password names an address; only here it is found out whose it is. Null, and the mail
 * gone, when it is nobody's.
 */
const addressed = async (ctx: Ctx, mail: Claimed): Promise<Claimed | null> => {
  if (mail.accountId !== null) return mail;
  const { secret } = kitOf(ctx);
  return inTransaction(ctx, async (tx) => {
    const [account] = await tx.db.query<
      { id: NonNullable<Claimed['accountId']>; name: string; email: string; locale: string }[]
    >(
      `SELECT id, display_name AS name, email, locale FROM account WHERE lower(email) = lower($1) FOR NO KEY UPDATE`,
      [mail.recipient],
    );
    if (account === undefined) {
      await tx.db.query('DELETE FROM mail WHERE id = $1', [mail.id]);
      return null;
    }
    const { id: accountId, name, email } = account;
    const proofId = await issueProof(tx, secret, { accountId, purpose: 'reset-password', email });
    const [[found]] = await tx.db.query<[Claimed[], number]>(
      `UPDATE mail SET account_id = $2, recipient = $3, details = $4, proof_id = $5, locale = $6
       WHERE id = $1 RETURNING ${columns}`,
      [mail.id, accountId, email, JSON.stringify({ name }), proofId, mailLocaleOf(account.locale)],
    );
    return found ?? null;
  });
};

/** What the mail says; null for a template of another version of Lyceum. */
export const contentOf = (
  ctx: Pick<Ctx, 'deps'>,
  mail: Pick<Mail, 'template' | 'locale' | 'details' | 'proofId'>,
): MailContent | null => {
  const { template, locale, details, proofId } = mail;
  if (!isMailTemplate(template)) return null;
  const { secret, mail: settings } = kitOf(ctx);
  const code = proofId === null ? null : proofToken(secret, proofId);
  // After the `#`, so that it is in no server's log and in no Referer.
  const action =
    code === null ? null : { code, link: `${settings.accountUrl}#${template}=${code}` };
  return renderMail({ template, locale: mailLocaleOf(locale), details }, action);
};
