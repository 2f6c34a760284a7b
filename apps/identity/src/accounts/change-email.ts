import { requireUser, sqlState, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase, type AccountTx } from '../account-case';
import { spend } from '../limits';
import { endProofs, issueProof, LinkNotValid, useProof, type Proven } from '../proofs/proofs';
import { parseEmail } from '../text';
import { isOwnPassword, WrongPassword } from './passwords';
import { EmailTaken } from './register';

@InputType()
export class ChangeEmailInput {
  @Field(() => String) newEmail!: string;
  @Field(() => String, { description: 'The password of the account.' }) password!: string;
}

@ObjectType({ description: 'A change of address, and who has not confirmed it yet.' })
export class EmailChange {
  @Field(() => Boolean, { description: 'Whether the mail to the present address was followed.' })
  isLeavingConfirmed!: boolean;
  @Field(() => Boolean, { description: 'Whether the mail to the new address was followed.' })
  isEnteringConfirmed!: boolean;
  @Field(() => Boolean, { description: 'Both are confirmed: the account has the new address.' })
  isComplete!: boolean;
}

export const ChangeEmailResult = createUnionType({
  name: 'ChangeEmailResult',
  types: () => [EmailChange, WrongPassword] as const,
});
export type ChangeEmailOutcome = EmailChange | WrongPassword;

export const ConfirmEmailChangeResult = createUnionType({
  name: 'ConfirmEmailChangeResult',
  types: () => [EmailChange, LinkNotValid, EmailTaken] as const,
});
export type ConfirmEmailChangeOutcome = EmailChange | LinkNotValid | EmailTaken;

const lifetimeMs = 24 * 60 * 60 * 1_000;

/**
 * Begins a change: both addresses get a mail, and both must confirm within a day. An address that was never
 * verified has nothing to say: it may be a mistype. Whether somebody else has the new one is not told here.
 */
export const changeEmail = async (
  ctx: Ctx,
  { newEmail, password }: ChangeEmailInput,
): Promise<ChangeEmailOutcome> => {
  const { accountId } = requireUser(ctx);
  const email = parseEmail('newEmail', newEmail);
  await spend(ctx, 'mail', accountId);
  if (!(await isOwnPassword(ctx, accountId, password))) return new WrongPassword();
  return begin(ctx, { email });
};

const begin = accountCase(async (tx, { email }: { email: string }): Promise<EmailChange> => {
  const { accountId } = requireUser(tx);
  const [account] = await tx.db.query<{ present: string | null; isVerified: boolean }[]>(
    `SELECT email AS present, email_verified_at IS NOT NULL AS "isVerified" FROM account
     WHERE id = $1 FOR NO KEY UPDATE`,
    [accountId],
  );
  const present = account?.isVerified === true ? account.present : null;
  await tx.db.query(
    `INSERT INTO email_change (account_id, new_email, is_left, expires_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (account_id) DO UPDATE SET
       new_email = excluded.new_email, is_left = excluded.is_left, is_entered = false, expires_at = excluded.expires_at`,
    [accountId, email, present === null, new Date(tx.now.getTime() + lifetimeMs)],
  );
  await endProofs(tx, accountId, ['leave-email']);
  if (present !== null) await askToLeave(tx, { accountId, email: present }, email);
  const proof = { accountId, purpose: 'enter-email', email } as const;
  const proofId = await issueProof(tx, tx.secret, proof);
  await tx.sendMail({ accountId, template: 'enter-email', to: email, proofId });
  return stateOf({ isLeft: present === null, isEntered: false });
});

const askToLeave = async (
  tx: AccountTx,
  { accountId, email }: Proven,
  newEmail: string,
): Promise<void> => {
  const proofId = await issueProof(tx, tx.secret, { accountId, purpose: 'leave-email', email });
  await tx.sendMail({ accountId, template: 'leave-email', proofId, details: { newEmail } });
};

interface ChangeRow {
  readonly newEmail: string;
  readonly isLeft: boolean;
  readonly isEntered: boolean;
}

const stateOf = ({ isLeft, isEntered }: Omit<ChangeRow, 'newEmail'>): EmailChange =>
  Object.assign(new EmailChange(), {
    isLeavingConfirmed: isLeft,
    isEnteringConfirmed: isEntered,
    isComplete: isLeft && isEntered,
  });

/** Takes the token of either mail; the second of the two completes the change. */
export const confirmEmailChange = async (
  ctx: Ctx,
  input: { token: string },
): Promise<ConfirmEmailChangeOutcome> => {
  try {
    return await confirm(ctx, input);
  } catch (error) {
    if (sqlState(error) === '23505') return new EmailTaken(); // by somebody else in the meantime, or before
    throw error;
  }
};

const confirm = accountCase(
  async (tx, { token }: { token: string }): Promise<EmailChange | LinkNotValid> => {
    const left = await useProof(tx, token, 'leave-email');
    const entered = left === null ? await useProof(tx, token, 'enter-email') : null;
    const proven = left ?? entered;
    if (proven === null) return new LinkNotValid();

    const [[change]] = await tx.db.query<[ChangeRow[], number]>(
      `UPDATE email_change SET is_left = is_left OR $2, is_entered = is_entered OR $3
       WHERE account_id = $1 AND expires_at > $4 AND ($2 OR new_email = $5)
       RETURNING new_email AS "newEmail", is_left AS "isLeft", is_entered AS "isEntered"`,
      [proven.accountId, left !== null, entered !== null, tx.now, proven.email],
    );
    if (change === undefined) return new LinkNotValid();
    if (change.isLeft && change.isEntered) await complete(tx, proven, change.newEmail);
    return stateOf(change);
  },
);

const complete = async (tx: AccountTx, { accountId }: Proven, newEmail: string): Promise<void> => {
  await tx.sendMail({ accountId, template: 'email-changed' }); // to the address that is left
  await tx.db.query('UPDATE account SET email = $2, email_verified_at = $3 WHERE id = $1', [
    accountId,
    newEmail,
    tx.now,
  ]);
  await tx.audit('account.email-changed', accountId);
  await tx.db.query('DELETE FROM email_change WHERE account_id = $1', [accountId]);
  await endProofs(tx, accountId, ['verify-email', 'reset-password']); // sent to the old address
};
