import { requireUser, type Ctx } from '@lyceum/platform';
import { createUnionType } from 'type-graphql';
import { accountCase } from '../account-case';
import { enter, SecondFactorRequired } from '../second-factor/enter';
import { AuthPayload } from '../sessions/auth-payload';
import { endProofs } from '../proofs/proofs';
import { purposes } from '../proofs/proof.entity';
import { Account } from './account.entity';
import { checkCredentials, InvalidCredentials, type LoginInput } from './login';
import { isOwnPassword, WrongPassword } from './passwords';

export const DeactivateAccountResult = createUnionType({
  name: 'DeactivateAccountResult',
  types: () => [Account, WrongPassword] as const,
});
export type DeactivateAccountOutcome = Account | WrongPassword;

/** Nobody can log in as the caller until `reactivateAccount`. What the account has written stays. */
export const deactivateAccount = async (
  ctx: Ctx,
  { password }: { password: string },
): Promise<DeactivateAccountOutcome> => {
  const { accountId } = requireUser(ctx);
  if (!(await isOwnPassword(ctx, accountId, password))) return new WrongPassword();
  return deactivate(ctx, undefined);
};

const deactivate = accountCase(async (tx, _: undefined): Promise<Account> => {
  const { accountId } = requireUser(tx);
  await tx.db.query(
    'UPDATE account SET deactivated_at = coalesce(deactivated_at, $2) WHERE id = $1',
    [accountId, tx.now],
  );
  await tx.endSessions(accountId, { because: 'deactivated' });
  await tx.endTokens(accountId);
  await tx.audit('account.deactivated', accountId);
  await endProofs(tx, accountId, purposes);
  await tx.sendMail({ accountId, template: 'account-deactivated' });
  return tx.db.findOneByOrFail(Account, { id: accountId });
});

export const ReactivateAccountResult = createUnionType({
  name: 'ReactivateAccountResult',
  types: () => [AuthPayload, SecondFactorRequired, InvalidCredentials] as const,
});
export type ReactivateAccountOutcome = AuthPayload | SecondFactorRequired | InvalidCredentials;

/** Logs in to an account that was deactivated, and so brings it back. */
export const reactivateAccount = async (
  ctx: Ctx,
  input: LoginInput,
): Promise<ReactivateAccountOutcome> => {
  const account = await checkCredentials(ctx, input);
  if (account?.deactivatedAt == null) return new InvalidCredentials();
  return enter(ctx, { accountId: account.id, reactivates: true });
};
