import { requireUser, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType } from 'type-graphql';
import { accountCase } from '../account-case';
import { kitOf } from '../kit';
import { endProofs } from '../proofs/proofs';
import { namesOf } from './account.queries';
import { weaknessOf } from './password-policy';
import { isOwnPassword, WrongPassword } from './passwords';
import { WeakPassword } from './register';
import { PasswordChanged } from './reset-password';

@InputType()
export class ChangePasswordInput {
  @Field(() => String) currentPassword!: string;
  @Field(() => String, { description: 'At least 10 characters.' }) newPassword!: string;
}

export const ChangePasswordResult = createUnionType({
  name: 'ChangePasswordResult',
  types: () => [PasswordChanged, WrongPassword, WeakPassword] as const,
});
export type ChangePasswordOutcome = PasswordChanged | WrongPassword | WeakPassword;

/** Changes the caller's password, and logs all its other sessions out. */
export const changePassword = async (
  ctx: Ctx,
  { currentPassword, newPassword }: ChangePasswordInput,
): Promise<ChangePasswordOutcome> => {
  const { accountId } = requireUser(ctx);
  if (!(await isOwnPassword(ctx, accountId, currentPassword))) return new WrongPassword();
  const weakness = weaknessOf(newPassword, await namesOf(ctx, accountId));
  if (weakness !== null) return new WeakPassword(weakness);
  return change(ctx, { passwordHash: await kitOf(ctx).passwords.hash(newPassword) });
};

const change = accountCase(
  async (tx, { passwordHash }: { passwordHash: string }): Promise<PasswordChanged> => {
    const { accountId, sessionId } = requireUser(tx);
    await tx.db.query('UPDATE account SET password_hash = $2 WHERE id = $1', [
      accountId,
      passwordHash,
    ]);
    await tx.endSessions(accountId, { because: 'password', except: sessionId });
    await tx.audit('account.password-changed', accountId);
    await endProofs(tx, accountId, ['reset-password', 'leave-email', 'enter-email']);
    await tx.sendMail({ accountId, template: 'password-changed' });
    return Object.assign(new PasswordChanged(), { changedAt: tx.now });
  },
);
