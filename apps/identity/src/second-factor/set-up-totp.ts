import type { AccountId } from '@lyceum/contracts';
import { requireUser, UserError, type Ctx } from '@lyceum/platform';
import { randomBytes } from 'node:crypto';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase, type AccountTx } from '../account-case';
import { Account } from '../accounts/account.entity';
import { isOwnPassword, WrongPassword } from '../accounts/passwords';
import { spend } from '../limits';
import { hashOfRecoveryCode, takeCode, takeTotp, totpSeal } from './check-code';
import { base32 } from './totp';

@ObjectType({
  description: 'For an app that shows one-time codes. Not in force until `confirmTotp`.',
})
export class TotpSetup {
  @Field(() => String, { description: 'To type into the app.' }) secret!: string;
  @Field(() => String, { description: '`otpauth://…`, to show as a QR code.' }) uri!: string;
}

@ObjectType({ description: 'Each works once in place of a code. They cannot be shown again.' })
export class RecoveryCodes {
  @Field(() => [String]) codes!: readonly string[];
}

@ObjectType({ implements: UserError, description: 'Mistyped, too old, or used before.' })
export class WrongCode extends UserError {
  readonly code = 'WRONG_CODE' as const;
  readonly message = 'This code is not right; wait for the next one.';
}

@ObjectType({ implements: UserError, description: 'Remove it first, to set up another one.' })
export class SecondFactorExists extends UserError {
  readonly code = 'SECOND_FACTOR_EXISTS' as const;
  readonly message = 'Your account has a second factor already.';
}

@ObjectType({ implements: UserError })
export class NoSecondFactor extends UserError {
  readonly code = 'NO_SECOND_FACTOR' as const;
  readonly message = 'Your account has no second factor.';
}

export const SetUpTotpResult = createUnionType({
  name: 'SetUpTotpResult',
  types: () => [TotpSetup, WrongPassword, SecondFactorExists] as const,
});
export type SetUpTotpOutcome = TotpSetup | WrongPassword | SecondFactorExists;

/** Prepares one-time codes; until the first code comes, the account is as before. */
export const setUpTotp = async (
  ctx: Ctx,
  { password }: { password: string },
): Promise<SetUpTotpOutcome> => {
  const { accountId } = requireUser(ctx);
  if (!(await isOwnPassword(ctx, accountId, password))) return new WrongPassword();
  return prepare(ctx, undefined);
};

const prepare = accountCase(async (tx, _: undefined): Promise<TotpSetup | SecondFactorExists> => {
  const { accountId } = requireUser(tx);
  const secret = randomBytes(20);
  const rows = await tx.db.query<unknown[]>(
    `INSERT INTO totp (account_id, sealed_secret, created_at) VALUES ($1, $2, $3)
       ON CONFLICT (account_id) DO UPDATE SET sealed_secret = excluded.sealed_secret
       WHERE totp.confirmed_at IS NULL RETURNING account_id`,
    [accountId, tx.secret.seal(totpSeal, secret.toString('base64url')), tx.now],
  );
  if (rows.length === 0) return new SecondFactorExists();
  const { handle } = await tx.db.findOneByOrFail(Account, { id: accountId });
  const text = base32(secret);
  const uri = `otpauth://totp/Lyceum:${handle}?secret=${text}&issuer=Lyceum`;
  return Object.assign(new TotpSetup(), { secret: text, uri });
});

export const ConfirmTotpResult = createUnionType({
  name: 'ConfirmTotpResult',
  types: () => [RecoveryCodes, WrongCode, NoSecondFactor, SecondFactorExists] as const,
});
export type ConfirmTotpOutcome = RecoveryCodes | WrongCode | NoSecondFactor | SecondFactorExists;

/** Puts one-time codes in force: the next log-in asks for one. Other sessions end, as they came in without. */
export const confirmTotp = async (
  ctx: Ctx,
  { code }: { code: string },
): Promise<ConfirmTotpOutcome> => {
  await spend(ctx, 'secondFactor', requireUser(ctx).accountId);
  return confirm(ctx, { code });
};

const confirm = accountCase(async (tx, { code }: { code: string }): Promise<ConfirmTotpOutcome> => {
  const { accountId, sessionId } = requireUser(tx);
  const [totp] = await tx.db.query<{ isConfirmed: boolean }[]>(
    'SELECT confirmed_at IS NOT NULL AS "isConfirmed" FROM totp WHERE account_id = $1 FOR UPDATE',
    [accountId],
  );
  if (totp === undefined) return new NoSecondFactor();
  if (totp.isConfirmed) return new SecondFactorExists();
  if (!(await takeTotp(tx, accountId, code.replace(/\s/g, '')))) return new WrongCode();
  await tx.db.query('UPDATE totp SET confirmed_at = $2 WHERE account_id = $1', [accountId, tx.now]);
  await tx.endSessions(accountId, { because: 'revoked', except: sessionId });
  await tell(tx, accountId, 'second-factor-on');
  return newRecoveryCodes(tx, accountId);
});

const tell = async (tx: AccountTx, accountId: AccountId, change: string): Promise<void> => {
  await tx.audit('account.second-factor-changed', accountId);
  await tx.sendMail({ accountId, template: 'security-changed', details: { change } });
};

const newRecoveryCodes = async (tx: AccountTx, accountId: AccountId): Promise<RecoveryCodes> => {
  const plain = Array.from({ length: 10 }, () => base32(randomBytes(10))); // 80 bits: 16 letters
  await tx.db.query('DELETE FROM recovery_code WHERE account_id = $1', [accountId]);
  await tx.db.query('INSERT INTO recovery_code (account_id, hash) SELECT $1, unnest($2::text[])', [
    accountId,
    plain.map((code) => hashOfRecoveryCode(tx, accountId, code)),
  ]);
  const codes = plain.map((code) => code.replace(/(.{4})(?!$)/g, '$1-'));
  return Object.assign(new RecoveryCodes(), { codes });
};

@InputType({ description: 'Both the password and a code.' })
export class SecondFactorInput {
  @Field(() => String) password!: string;
  @Field(() => String, { description: 'Of the app, or a recovery code.' }) code!: string;
}

export const RemoveSecondFactorResult = createUnionType({
  name: 'RemoveSecondFactorResult',
  types: () => [Account, WrongPassword, WrongCode, NoSecondFactor] as const,
});
export type RemoveSecondFactorOutcome = Account | WrongPassword | WrongCode | NoSecondFactor;

export const removeSecondFactor = async (
  ctx: Ctx,
  input: SecondFactorInput,
): Promise<RemoveSecondFactorOutcome> => (await refusalOf(ctx, input)) ?? remove(ctx, input);

const remove = accountCase(
  async (tx, { code }: SecondFactorInput): Promise<Account | WrongCode | NoSecondFactor> => {
    const { accountId } = requireUser(tx);
    if (!(await hasTotp(tx.db, accountId))) return new NoSecondFactor();
    if (!(await takeCode(tx, accountId, code))) return new WrongCode();
    await tx.db.query('DELETE FROM totp WHERE account_id = $1', [accountId]);
    await tx.db.query('DELETE FROM recovery_code WHERE account_id = $1', [accountId]);
    await tell(tx, accountId, 'second-factor-off');
    return tx.db.findOneByOrFail(Account, { id: accountId });
  },
);

export const RenewRecoveryCodesResult = createUnionType({
  name: 'RenewRecoveryCodesResult',
  types: () => [RecoveryCodes, WrongPassword, WrongCode, NoSecondFactor] as const,
});
export type RenewRecoveryCodesOutcome = RecoveryCodes | WrongPassword | WrongCode | NoSecondFactor;

/** Ten new ones; the old ones work no more. */
export const renewRecoveryCodes = async (
  ctx: Ctx,
  input: SecondFactorInput,
): Promise<RenewRecoveryCodesOutcome> => (await refusalOf(ctx, input)) ?? renew(ctx, input);

const renew = accountCase(
  async (tx, { code }: SecondFactorInput): Promise<RecoveryCodes | WrongCode | NoSecondFactor> => {
    const { accountId } = requireUser(tx);
    if (!(await hasTotp(tx.db, accountId))) return new NoSecondFactor();
    if (!(await takeCode(tx, accountId, code))) return new WrongCode();
    return newRecoveryCodes(tx, accountId);
  },
);

const refusalOf = async (
  ctx: Ctx,
  { password }: SecondFactorInput,
): Promise<WrongPassword | null> => {
  const { accountId } = requireUser(ctx);
  await spend(ctx, 'secondFactor', accountId);
  return (await isOwnPassword(ctx, accountId, password)) ? null : new WrongPassword();
};

export const hasTotp = async (db: Ctx['db'], accountId: AccountId): Promise<boolean> => {
  const rows = await db.query<unknown[]>(
    'SELECT FROM totp WHERE account_id = $1 AND confirmed_at IS NOT NULL',
    [accountId],
  );
  return rows.length > 0;
};
