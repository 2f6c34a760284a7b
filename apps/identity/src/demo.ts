import { importedId, type AccountId, type CommunityId } from '@lyceum/contracts';
import { serviceContext, useCase, type Deps, type Tx } from '@lyceum/platform';
import { lockCommunity } from './communities/community.queries';
import { kitOf } from './kit';
import { Role } from './memberships/member.entity';
import { memberOf } from './memberships/member.queries';
import { admit } from './memberships/member.writes';

/** Printed where the demo community starts: whoever can reach a demo can log in to it. */
export const demoPassword = 'walk-round-and-try';

export const demoAccounts = [
  { handle: 'demo-learner', displayName: 'Lin Learner', role: Role.MEMBER },
  { handle: 'demo-author', displayName: 'Ada Author', role: Role.MEMBER },
  { handle: 'demo-moderator', displayName: 'Mo Moderator', role: Role.MODERATOR },
  { handle: 'demo-analyst', displayName: 'Ana Analyst', role: Role.ANALYST },
  { handle: 'demo-owner', displayName: 'Olu Owner', role: Role.OWNER },
] as const;

/**
 * People to try the demo community with. Done once or many times, the result is the same: an account that
 * is there keeps its password, a membership that is there its role and status. Who has taken one of the
 * handles or addresses before is not made a member, let alone the owner.
 */
export const createDemoAccounts = async (
  deps: Deps,
  { communityId }: { communityId: CommunityId },
): Promise<void> => {
  const ctx = serviceContext(deps, 'demo');
  const passwordHash = await kitOf(ctx).passwords.hash(demoPassword);
  await admitAll(ctx, { communityId, passwordHash });
};

const admitAll = useCase(
  async (tx, { communityId, passwordHash }: { communityId: CommunityId; passwordHash: string }) => {
    const community = await lockCommunity(tx, communityId);
    if (community === null) throw new Error(`there is no community ${communityId}`);
    for (const { role, ...account } of demoAccounts) {
      const accountId = await accountOf(tx, { ...account, passwordHash });
      if (accountId === null) {
        tx.log.warn({ handle: account.handle }, 'demo.handle-taken');
        continue;
      }
      const member = await memberOf(tx.db, { communityId, accountId });
      if (member === null) await admit(tx, { accountId, communityId, role });
    }
  },
);

const accountOf = async (
  tx: Tx,
  account: { handle: string; displayName: string; passwordHash: string },
): Promise<AccountId | null> => {
  const accountId = importedId<'Account'>('demo', account.handle);
  await tx.db.query(
    `INSERT INTO account (id, handle, display_name, email, password_hash, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [
      accountId,
      account.handle,
      account.displayName,
      `${account.handle}@demo.invalid`,
      account.passwordHash,
      tx.now,
    ],
  );
  const rows = await tx.db.query<unknown[]>('SELECT FROM account WHERE id = $1', [accountId]);
  return rows.length === 0 ? null : accountId;
};
