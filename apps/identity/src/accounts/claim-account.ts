import { AccountVerified, isId, may, roles, type AccountId } from '@lyceum/contracts';
import { forbidden, requireUser, sqlState, UserError, type Ctx } from '@lyceum/platform';
import { createHash } from 'node:crypto';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { accountCase } from '../account-case';
import { kitOf } from '../kit';
import { spend } from '../limits';
import { issueProof, LinkNotValid, useProof } from '../proofs/proofs';
import { AuthPayload, authPayload } from '../sessions/auth-payload';
import { openSession, type OpenedSession } from '../sessions/session.queries';
import { parseEmail, parseHandle } from '../text';
import { Account } from './account.entity';
import { weaknessOf } from './password-policy';
import { EmailTaken, HandleTaken, WeakPassword } from './register';

@InputType()
export class InviteToClaimInput {
  @Field(() => ID, { description: 'An imported account that nobody has claimed.' })
  accountId!: AccountId;
  @Field(() => String, { description: 'Of the person who it belongs to.' }) email!: string;
}

@ObjectType({ description: 'A mail with a link is on its way; the link works for a week.' })
export class ClaimInvitation {
  @Field(() => Account) account!: Account;
}

@ObjectType({
  implements: UserError,
  description: 'There is no such account, or somebody has it already.',
})
export class NothingToClaim extends UserError {
  readonly code = 'NOTHING_TO_CLAIM' as const;
  readonly message = 'This account cannot be claimed.';
}

export const InviteToClaimResult = createUnionType({
  name: 'InviteToClaimResult',
  types: () => [ClaimInvitation, NothingToClaim] as const,
});
export type InviteToClaimOutcome = ClaimInvitation | NothingToClaim;

/**
 * An export of another site has no addresses, so who an imported account belongs to is for people to know:
 * owners and administrators of every community that the account is a member of.
 */
export const inviteToClaim = async (
  ctx: Ctx,
  { accountId, email }: InviteToClaimInput,
): Promise<InviteToClaimOutcome> => {
  const to = parseEmail('email', email);
  await spend(ctx, 'mail', requireUser(ctx).accountId);
  return isId(accountId) ? invite(ctx, { accountId, to }) : new NothingToClaim();
};

const invite = accountCase(
  async (
    tx,
    { accountId, to }: { accountId: AccountId; to: string },
  ): Promise<InviteToClaimOutcome> => {
    const account = await tx.db.findOne(Account, {
      where: { id: accountId },
      lock: { mode: 'for_no_key_update' },
    });
    if (account === null) return new NothingToClaim();
    const inviter = requireUser(tx).accountId;
    const [rights] = await tx.db.query<{ among: number; mine: number }[]>(
      `SELECT count(*)::int AS among, count(own.id)::int AS mine FROM member
       LEFT JOIN member AS own ON own.community_id = member.community_id AND own.account_id = $2
         AND own.status = 'active' AND own.role = ANY($3)
       WHERE member.account_id = $1 AND member.status <> 'left'`,
      [accountId, inviter, roles.filter((role) => may(role, 'members.add'))],
    );
    if (rights === undefined || rights.mine === 0 || rights.mine < rights.among) throw forbidden();
    if (!(await isUnclaimed(tx.db, accountId))) return new NothingToClaim();

    const proofId = await issueProof(tx, tx.secret, {
      accountId,
      purpose: 'claim-account',
      email: to,
    });
    const [own] = await tx.db.query<{ name: string }[]>(
      'SELECT display_name AS name FROM account WHERE id = $1',
      [inviter],
    );
    const details = { inviter: own?.name ?? '' };
    await tx.sendMail({ accountId, template: 'claim-account', to, proofId, details });
    return Object.assign(new ClaimInvitation(), { account });
  },
);

const isUnclaimed = async (db: Ctx['db'], accountId: AccountId): Promise<boolean> => {
  const rows = await db.query<unknown[]>(
    `SELECT FROM account
     WHERE id = $1 AND imported_from IS NOT NULL AND email IS NULL AND password_hash IS NULL`,
    [accountId],
  );
  return rows.length > 0;
};

@InputType({ description: 'What the mail carries after its `#claim-account=`, and how to log in.' })
export class ClaimAccountInput {
  @Field(() => String) token!: string;
  @Field(() => String, { description: 'At least 10 characters.' }) password!: string;
  @Field(() => String, { nullable: true, description: 'The imported one by default.' })
  handle?: string | null;
}

export const ClaimAccountResult = createUnionType({
  name: 'ClaimAccountResult',
  types: () => [AuthPayload, LinkNotValid, WeakPassword, HandleTaken, EmailTaken] as const,
});
export type ClaimAccountOutcome =
  AuthPayload | LinkNotValid | WeakPassword | HandleTaken | EmailTaken;

/** Gives an imported account its person: an address, which the link proves, and a password. */
export const claimAccount = async (
  ctx: Ctx,
  input: ClaimAccountInput,
): Promise<ClaimAccountOutcome> => {
  const names = await namesBehind(ctx, input.token);
  if (names === undefined) return new LinkNotValid();
  const handle = input.handle == null ? names.handle : parseHandle('handle', input.handle);
  const weakness = weaknessOf(input.password, { handle, email: names.email });
  if (weakness !== null) return new WeakPassword(weakness);
  const passwordHash = await kitOf(ctx).passwords.hash(input.password);
  try {
    const claimed = await claim(ctx, { token: input.token, handle, passwordHash });
    return claimed instanceof LinkNotValid ? claimed : await authPayload(ctx, claimed);
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    const isHandle = await isTaken(ctx, handle, input.token);
    return isHandle ? new HandleTaken() : new EmailTaken();
  }
};

const namesBehind = async (
  ctx: Ctx,
  token: string,
): Promise<{ handle: string; email: string } | undefined> => {
  const hash = createHash('sha256').update(token).digest('base64url');
  const [names] = await ctx.db.query<{ handle: string; email: string }[]>(
    `SELECT handle, proof.email FROM proof JOIN account ON account.id = account_id
     WHERE hash = $1 AND purpose = 'claim-account' AND expires_at > $2`,
    [hash, ctx.deps.now()],
  );
  return names;
};

const isTaken = async (ctx: Ctx, handle: string, token: string): Promise<boolean> => {
  const own = await namesBehind(ctx, token);
  if (own?.handle.toLowerCase() === handle.toLowerCase()) return false;
  const rows = await ctx.db.query<unknown[]>(
    'SELECT FROM account WHERE lower(handle) = lower($1)',
    [handle],
  );
  return rows.length > 0;
};

const claim = accountCase(
  async (
    tx,
    { token, handle, passwordHash }: { token: string; handle: string; passwordHash: string },
  ): Promise<OpenedSession | LinkNotValid> => {
    const proven = await useProof(tx, token, 'claim-account');
    if (proven === null) return new LinkNotValid();
    const [, count] = await tx.db.query<[unknown[], number]>(
      `UPDATE account SET email = $2, email_verified_at = $3, handle = $4, password_hash = $5
       WHERE id = $1 AND email IS NULL AND password_hash IS NULL`,
      [proven.accountId, proven.email, tx.now, handle, passwordHash],
    );
    if (count === 0) return new LinkNotValid();
    await tx.emit(AccountVerified, { accountId: proven.accountId });
    await tx.audit('account.claimed', proven.accountId);
    return openSession(tx, proven.accountId);
  },
);
