import type { AccountId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import type { AuditAction } from './audit/audit-actions';
import { recordAudit } from './audit/record-audit';
import { kitOf } from './kit';
import { hurryMail, writeMail, type NewMail } from './mail/write-mail';
import type { Secret } from './secret';
import { revocationTopic } from './sessions/revocation-topic';
import type { RevokedBecause, SessionId } from './sessions/session.entity';

/** A transaction about an account: it can leave mail, end sessions, and is written down. */
export interface AccountTx extends Tx {
  readonly secret: Secret;
  /** What the request comes from. */
  readonly device: Device;
  /** Leaves a mail; it is sent after the commit. */
  sendMail(mail: NewMail): Promise<void>;
  /** Ends sessions of the account that still live: this one, or all except one. They are refused at once, everywhere. */
  endSessions(
    accountId: AccountId,
    which: {
      readonly because: RevokedBecause;
      readonly only?: SessionId;
      readonly except?: string;
    },
  ): Promise<number>;
  /** Ends all tokens for programs that still live, or one. They are refused at once, everywhere. */
  endTokens(accountId: AccountId, only?: string): Promise<number>;
  /** Writes the act down in the audit log of the account, as done by its person. */
  audit(action: AuditAction, accountId: AccountId): Promise<void>;
}

export interface Device {
  readonly userAgent: string | null;
  readonly client: string | null;
}

export const deviceOf = (ctx: Ctx): Device => ({
  userAgent: ctx.userAgent ?? null,
  client: ctx.client ?? null,
});

/** `useCase` for what accounts are protected by. */
export const accountCase =
  <Input, Outcome>(run: (tx: AccountTx, input: Input) => Promise<Outcome>) =>
  (ctx: Ctx, input: Input): Promise<Outcome> =>
    useCase((tx: Tx, value: Input) => run(accountTx(ctx, tx), value))(ctx, input);

const accountTx = (ctx: Ctx, tx: Tx): AccountTx => {
  const tellRevoked = (rows: readonly unknown[]): number => {
    if (rows.length > 0) tx.afterCommit(() => ctx.deps.signals.publish(revocationTopic));
    return rows.length;
  };
  return {
    ...tx,
    secret: kitOf(ctx).secret,
    device: deviceOf(ctx),
    sendMail: async (mail) => {
      await writeMail(tx, mail);
      tx.afterCommit(() => hurryMail(ctx));
    },
    endSessions: async (accountId, { because, only, except }) => {
      const [ended] = await tx.db.query<[unknown[], number]>(
        `UPDATE session SET revoked_at = $1, revoked_because = $2
         WHERE account_id = $3 AND revoked_at IS NULL AND expires_at > $1
           AND ($4::uuid IS NULL OR id = $4) AND ($5::uuid IS NULL OR id <> $5) RETURNING id`,
        [tx.now, because, accountId, only ?? null, except ?? null],
      );
      return tellRevoked(ended);
    },
    endTokens: async (accountId, only) => {
      const [ended] = await tx.db.query<[unknown[], number]>(
        `UPDATE personal_token SET revoked_at = $1
         WHERE account_id = $2 AND ($3::uuid IS NULL OR id = $3)
           AND revoked_at IS NULL AND expires_at > $1 RETURNING id`,
        [tx.now, accountId, only ?? null],
      );
      return tellRevoked(ended);
    },
    audit: (action, accountId) =>
      recordAudit(tx, {
        action,
        communityId: null,
        subject: { type: 'Account', id: accountId },
        actorId: accountId,
      }),
  };
};
