import type { AccountId } from '@lyceum/contracts';
import { requireUser, unauthenticated, type Ctx, type Tx } from '@lyceum/platform';
import { In, type EntityManager } from 'typeorm';
import { formerOwner } from '../profiles/handle.queries';
import { Account } from './account.entity';

/** For loaders. */
export const accountsById = async (
  ctx: Ctx,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, Account>> => {
  const accounts = await ctx.db.findBy(Account, { id: In(ids) });
  return new Map(accounts.map((account) => [account.id, account]));
};

/** By the handle it has, or had before. */
export const accountByHandle = async (
  db: EntityManager,
  handle: string,
): Promise<Account | null> => {
  const account = await db
    .createQueryBuilder(Account, 'account')
    .where('lower(account.handle) = lower(:handle)', { handle })
    .getOne();
  if (account !== null) return account;
  const id = await formerOwner(db, handle);
  return id === null ? null : db.findOneBy(Account, { id });
};

export interface Credentials {
  readonly id: AccountId;
  readonly passwordHash: string | null;
  readonly deactivatedAt: Date | null;
}

/** Who logs in by this handle or e-mail address, and what proves it. */
export const credentialsOf = async (
  db: EntityManager,
  handleOrEmail: string,
): Promise<Credentials | null> => {
  const [found] = await db.query<Credentials[]>(
    `SELECT id, password_hash AS "passwordHash", deactivated_at AS "deactivatedAt" FROM account
     WHERE lower(handle) = lower($1) OR lower(email) = lower($1)`, // a handle has no @, an address has one
    [handleOrEmail],
  );
  return found ?? null;
};

/** The caller's account, held so that it stays. A token can outlive its account: that is not being logged in. */
export const requireAccount = async (tx: Tx): Promise<AccountId> => {
  const { accountId } = requireUser(tx);
  const rows = await tx.db.query<unknown[]>('SELECT FROM account WHERE id = $1 FOR KEY SHARE', [
    accountId,
  ]);
  if (rows.length === 0) throw unauthenticated('The account of this token is gone.');
  return accountId;
};

/** What a password may not be made of. */
export const namesOf = async (
  ctx: Ctx,
  accountId: AccountId,
): Promise<{ handle: string; email: string }> => {
  const [names] = await ctx.db.query<{ handle: string; email: string }[]>(
    `SELECT handle, coalesce(email, '') AS email FROM account WHERE id = $1`,
    [accountId],
  );
  return names ?? { handle: '', email: '' };
};
