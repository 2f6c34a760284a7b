import { newId, type AccountId, type CommunityId } from '@lyceum/contracts';
import { serviceContext, useCase, type Deps, type Tx } from '@lyceum/platform';
import { lockCommunity } from './communities/community.queries';
import { kitOf } from './kit';
import { MemberStatus, Role } from './memberships/member.entity';
import { memberOf } from './memberships/member.queries';
import { admit, changeMember } from './memberships/member.writes';

/** Printed where the demo community starts: whoever can reach a demo can log in to it. */
export const demoPassword = 'walk-round-and-try';

export const demoAccounts = [
  { handle: 'demo-learner', displayName: 'Lin Learner', role: Role.MEMBER },
  { handle: 'demo-author', displayName: 'Ada Author', role: Role.MEMBER },
  { handle: 'demo-moderator', displayName: 'Mo Moderator', role: Role.MODERATOR },
  { handle: 'demo-analyst', displayName: 'Ana Analyst', role: Role.MEMBER },
  { handle: 'demo-owner', displayName: 'Olu Owner', role: Role.OWNER },
] as const;

/**
 * People to try the demo community with. Done once or many times, the result is the same; an account that
 * is there keeps the password it has, and a role that was changed stays changed.
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
      const member = await memberOf(tx.db, { communityId, accountId });
      if (member === null) await admit(tx, { accountId, communityId, role });
      else if (member.status === MemberStatus.LEFT)
        await changeMember(tx, member, { role, status: MemberStatus.ACTIVE });
    }
  },
);

const accountOf = async (
  tx: Tx,
  account: { handle: string; displayName: string; passwordHash: string },
): Promise<AccountId> => {
  await tx.db.query(
    `INSERT INTO account (id, handle, display_name, email, password_hash, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [
      newId<'Account'>(),
      account.handle,
      account.displayName,
      `${account.handle}@demo.invalid`,
      account.passwordHash,
      tx.now,
    ],
  );
  const [found] = (await tx.db.query('SELECT id FROM account WHERE lower(handle) = $1', [
    account.handle,
  ])) as { id: AccountId }[];
  if (found === undefined) throw new Error(`the demo account ${account.handle} cannot be made`);
  return found.id;
};
