import { requireUser, UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase } from '../account-case';
import { kitOf } from '../kit';
import { spend } from '../limits';
import { namesOf } from './account.queries';
import { weaknessOf } from './password-policy';
import { WeakPassword } from './register';
import { PasswordChanged } from './reset-password';

@InputType()
export class SetPasswordInput {
  @Field(() => String, { description: 'At least 10 characters.' }) newPassword!: string;
}

@ObjectType({ implements: UserError, description: '`changePassword` changes it.' })
export class PasswordIsSet extends UserError {
  readonly code = 'PASSWORD_IS_SET' as const;
  readonly message = 'Your account has a password already.';
}

@ObjectType({
  implements: UserError,
  description: 'The log-in of this session is too long ago to be a proof of who asks.',
})
export class LogInAgain extends UserError {
  readonly code = 'LOG_IN_AGAIN' as const;
  readonly message = 'Log in again, and set your password within ten minutes.';
}

export const SetPasswordResult = createUnionType({
  name: 'SetPasswordResult',
  types: () => [PasswordChanged, WeakPassword, PasswordIsSet, LogInAgain] as const,
});
export type SetPasswordOutcome = PasswordChanged | WeakPassword | PasswordIsSet | LogInAgain;

const freshMs = 10 * 60_000;

/**
 * The first password of an account that has none: who logs in by another site or a passkey. There is none to ask for
 * again, so the proof is that this very session began a moment ago.
 */
export const setPassword = async (
  ctx: Ctx,
  { newPassword }: SetPasswordInput,
): Promise<SetPasswordOutcome> => {
  const { accountId } = requireUser(ctx);
  await spend(ctx, 'password', accountId);
  const weakness = weaknessOf(newPassword, await namesOf(ctx, accountId));
  if (weakness !== null) return new WeakPassword(weakness);
  return set(ctx, { passwordHash: await kitOf(ctx).passwords.hash(newPassword) });
};

const set = accountCase(
  async (tx, { passwordHash }: { passwordHash: string }): Promise<SetPasswordOutcome> => {
    const { accountId, sessionId } = requireUser(tx);
    const fresh = await tx.db.query<unknown[]>(
      'SELECT FROM session WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL AND created_at > $3',
      [sessionId, accountId, new Date(tx.now.getTime() - freshMs)],
    );
    if (fresh.length === 0) return new LogInAgain();
    const [, changed] = await tx.db.query<[unknown[], number]>(
      'UPDATE account SET password_hash = $2 WHERE id = $1 AND password_hash IS NULL',
      [accountId, passwordHash],
    );
    if (changed === 0) return new PasswordIsSet();
    await tx.endSessions(accountId, { because: 'password', except: sessionId });
    await tx.audit('account.password-changed', accountId);
    await tx.sendMail({ accountId, template: 'password-changed' });
    return Object.assign(new PasswordChanged(), { changedAt: tx.now });
  },
);
