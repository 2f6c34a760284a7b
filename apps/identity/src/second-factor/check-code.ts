import type { AccountId } from '@lyceum/contracts';
import type { AccountTx } from '../account-case';
import { Totp } from './second-factor.entities';
import { matchingStep } from './totp';

export const totpSeal = 'totp';

/** Uses up a one-time code or a recovery code of the account; false when it is neither. */
export const takeCode = async (
  tx: AccountTx,
  accountId: AccountId,
  code: string,
): Promise<boolean> => {
  const given = code.replace(/[\s-]/g, '').toUpperCase();
  return /^\d{6}$/.test(given)
    ? takeTotp(tx, accountId, given)
    : takeRecoveryCode(tx, accountId, given);
};

/** The row is locked, and its step moves on: of two log-ins with the same code one succeeds. */
export const takeTotp = async (
  tx: AccountTx,
  accountId: AccountId,
  code: string,
): Promise<boolean> => {
  const totp = await tx.db.findOne(Totp, {
    where: { accountId },
    lock: { mode: 'pessimistic_write' },
  });
  if (totp === null) return false;
  const secret = Buffer.from(tx.secret.unseal(totpSeal, totp.sealedSecret), 'base64url');
  const step = matchingStep(secret, code, { now: tx.now, lastStep: totp.lastStep });
  if (step === null) return false;
  await tx.db.query('UPDATE totp SET last_step = $2 WHERE account_id = $1', [accountId, step]);
  return true;
};

const takeRecoveryCode = async (
  tx: AccountTx,
  accountId: AccountId,
  code: string,
): Promise<boolean> => {
  if (!/^[A-Z2-7]{16}$/.test(code)) return false;
  const [, count] = await tx.db.query<[unknown[], number]>(
    'DELETE FROM recovery_code WHERE account_id = $1 AND hash = $2',
    [accountId, hashOfRecoveryCode(tx, accountId, code)],
  );
  if (count === 0) return false;
  const details = { change: 'recovery-code-used' };
  await tx.sendMail({ accountId, template: 'security-changed', details });
  return true;
};

export const hashOfRecoveryCode = (
  { secret }: Pick<AccountTx, 'secret'>,
  accountId: AccountId,
  code: string,
): string => secret.tokenOf('recovery-code', `${accountId}:${code}`);
