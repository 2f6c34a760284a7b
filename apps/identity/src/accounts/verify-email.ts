import { AccountVerified, type AccountId } from '@lyceum/contracts';
import { requireUser, type Ctx } from '@lyceum/platform';
import { createUnionType } from 'type-graphql';
import { accountCase, type AccountTx } from '../account-case';
import { spend } from '../limits';
import { issueProof, LinkNotValid, useProof } from '../proofs/proofs';
import { Account } from './account.entity';

export const VerifyEmailResult = createUnionType({
  name: 'VerifyEmailResult',
  types: () => [Account, LinkNotValid] as const,
});
export type VerifyEmailOutcome = Account | LinkNotValid;

/** The token alone is enough: the mail may be read on another device than the one that registered. */
export const verifyEmail = accountCase(
  async (tx, { token }: { token: string }): Promise<VerifyEmailOutcome> => {
    const proven = await useProof(tx, token, 'verify-email');
    if (proven === null) return new LinkNotValid();
    const isCurrent = await markVerified(tx, proven);
    if (!isCurrent) return new LinkNotValid();
    return tx.db.findOneByOrFail(Account, { id: proven.accountId });
  },
);

/** False when the account has another address by now. */
export const markVerified = async (
  tx: AccountTx,
  { accountId, email }: { accountId: AccountId; email: string },
): Promise<boolean> => {
  const [[account]] = await tx.db.query<[{ at: Date }[], number]>(
    `UPDATE account SET email_verified_at = coalesce(email_verified_at, $1)
     WHERE id = $2 AND lower(email) = lower($3) RETURNING email_verified_at AS at`,
    [tx.now, accountId, email],
  );
  if (account?.at.getTime() === tx.now.getTime()) await tx.emit(AccountVerified, { accountId });
  return account !== undefined;
};

/** Mails a link to an address that is not verified yet. */
export const sendVerification = async (
  tx: AccountTx,
  { accountId, email }: { accountId: AccountId; email: string },
): Promise<void> => {
  const proof = { accountId, purpose: 'verify-email', email } as const;
  const proofId = await issueProof(tx, tx.secret, proof);
  await tx.sendMail({ accountId, template: 'verify-email', proofId });
};

/** True when a mail was sent, false when there is nothing to verify. */
export const sendVerificationEmail = async (ctx: Ctx): Promise<boolean> => {
  await spend(ctx, 'mail', requireUser(ctx).accountId);
  return verifyAgain(ctx, undefined);
};

const verifyAgain = accountCase(async (tx, _: undefined): Promise<boolean> => {
  const { accountId } = requireUser(tx);
  const [account] = await tx.db.query<{ email: string | null; isVerified: boolean }[]>(
    `SELECT email, email_verified_at IS NOT NULL AS "isVerified" FROM account WHERE id = $1 FOR NO KEY UPDATE`,
    [accountId],
  );
  if (account?.email == null || account.isVerified) return false;
  await sendVerification(tx, { accountId, email: account.email });
  return true;
});
