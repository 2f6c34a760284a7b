import type { AccountId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { kitOf } from './kit';
import { hurryMail, writeMail, type NewMail } from './mail/write-mail';
import type { Secret } from './secret';
import { revocationTopic } from './sessions/revocation-topic';
import type { RevokedBecause, SessionId } from './sessions/session.entity';

/** A transaction about an account: it can leave mail, and end sessions. */
export interface AccountTx extends Tx {
  readonly secret: Secret;
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
}

/** `useCase` for what accounts are protected by. */
export const accountCase =
  <Input, Outcome>(run: (tx: AccountTx, input: Input) => Promise<Outcome>) =>
  (ctx: Ctx, input: Input): Promise<Outcome> =>
    useCase((tx: Tx, value: Input) => run(accountTx(ctx, tx), value))(ctx, input);

const accountTx = (ctx: Ctx, tx: Tx): AccountTx => ({
  ...tx,
  secret: kitOf(ctx).secret,
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
    if (ended.length > 0) tx.afterCommit(() => ctx.deps.signals.publish(revocationTopic));
    return ended.length;
  },
});
