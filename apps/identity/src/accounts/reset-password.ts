import { useCase, type Ctx } from '@lyceum/platform';
import { createHash } from 'node:crypto';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase } from '../account-case';
import { kitOf } from '../kit';
import { spend } from '../limits';
import { hurryMail, writeMailToAddress } from '../mail/write-mail';
import { endProofs, LinkNotValid, useProof } from '../proofs/proofs';
import { parseEmail } from '../text';
import { weaknessOf } from './password-policy';
import { WeakPassword } from './register';
import { markVerified } from './verify-email';

/**
 * The same work for every address, known or not: a row is written. Whose it is, is found out when the mail is
 * sent, so neither the answer nor its time tells who has an account.
 */
export const requestPasswordReset = async (ctx: Ctx, input: { email: string }): Promise<true> => {
  const to = parseEmail('email', input.email);
  await spend(ctx, 'reset', to);
  await leaveRequest(ctx, to);
  hurryMail(ctx);
  return true;
};

const leaveRequest = useCase((tx, to: string) => writeMailToAddress(tx, to, 'reset-password'));

@InputType({
  description: 'What the mail carries after its `#reset-password=`, and what is to be.',
})
export class ResetPasswordInput {
  @Field(() => String) token!: string;
  @Field(() => String, { description: 'At least 10 characters.' }) newPassword!: string;
}

@ObjectType({ description: 'The new password is in force; other devices are logged out.' })
export class PasswordChanged {
  @Field(() => Date) changedAt!: Date;
}

export const ResetPasswordResult = createUnionType({
  name: 'ResetPasswordResult',
  types: () => [PasswordChanged, LinkNotValid, WeakPassword] as const,
});
export type ResetPasswordOutcome = PasswordChanged | LinkNotValid | WeakPassword;

/** Sets a password and logs everybody out, programs included. It logs nobody in: a second factor is asked at the log-in. */
export const resetPassword = async (
  ctx: Ctx,
  { token, newPassword }: ResetPasswordInput,
): Promise<ResetPasswordOutcome> => {
  await spend(ctx, 'resetPassword', token);
  const owner = await ownerOf(ctx, token);
  if (owner === undefined) return new LinkNotValid();
  const weakness = weaknessOf(newPassword, owner);
  if (weakness !== null) return new WeakPassword(weakness);
  const passwordHash = await kitOf(ctx).passwords.hash(newPassword);
  return reset(ctx, { token, passwordHash });
};

const ownerOf = async (
  ctx: Ctx,
  token: string,
): Promise<{ handle: string; email: string } | undefined> => {
  const hash = createHash('sha256').update(token).digest('base64url');
  const [owner] = await ctx.db.query<{ handle: string; email: string }[]>(
    `SELECT handle, proof.email FROM proof JOIN account ON account.id = account_id
     WHERE hash = $1 AND purpose = 'reset-password' AND expires_at > $2`,
    [hash, ctx.deps.now()],
  );
  return owner;
};

const reset = accountCase(
  async (tx, { token, passwordHash }: { token: string; passwordHash: string }) => {
    const proven = await useProof(tx, token, 'reset-password');
    if (proven === null) return new LinkNotValid();
    const { accountId } = proven;
    const isCurrent = await markVerified(tx, proven); // who has the link reads the address's mail
    if (!isCurrent) return new LinkNotValid();

    await tx.db.query('UPDATE account SET password_hash = $2 WHERE id = $1', [
      accountId,
      passwordHash,
    ]);
    await tx.endSessions(accountId, { because: 'password' });
    await tx.endTokens(accountId);
    await tx.audit('account.password-changed', accountId);
    await endProofs(tx, accountId, ['verify-email', 'leave-email', 'enter-email']);
    await tx.sendMail({ accountId, template: 'password-changed' });
    return Object.assign(new PasswordChanged(), { changedAt: tx.now });
  },
);
