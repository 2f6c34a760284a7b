import type { AccountId, CommunityId, MemberId } from '@lyceum/contracts';
import { requireUser, type Ctx, type Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { inside, viewer } from '../communities/visibility';
import { loadPages } from '../pages';
import { Member, MemberStatus, Role } from './member.entity';

const columns = `m.id, m.account_id AS "accountId", m.community_id AS "communityId", m.role, m.status,
  m.joined_at AS "joinedAt", m.version, a.handle, a.display_name AS "displayName"`;

/** Members with the names of their accounts, from any source of rows of `member` called `m`. */
const select = async (
  db: EntityManager,
  { from = 'member AS m', rest }: { from?: string; rest: string },
  parameters: readonly unknown[],
): Promise<Member[]> => {
  const rows = await db.query<object[]>(
    `SELECT ${columns} FROM ${from} JOIN account AS a ON a.id = m.account_id ${rest}`,
    [...parameters],
  );
  return rows.map((row) => Object.assign(new Member(), row));
};

/** Those of communities that the viewer can see; who left or was banned is still the author of old posts. */
export const membersById = async (
  ctx: Ctx,
  ids: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, Member>> => {
  const found = await select(
    ctx.db,
    {
      rest: `JOIN community AS c ON c.id = m.community_id WHERE m.id = ANY($3) AND ${inside('c')}`,
    },
    [...viewer(ctx), ids],
  );
  return new Map(found.map((member) => [member.id, member]));
};

/** The viewer's own active membership, by community. */
export const viewerMembers = async (
  ctx: Ctx,
  communityIds: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, Member>> => {
  if (ctx.actor.kind !== 'user') return new Map();
  const found = await select(
    ctx.db,
    { rest: `WHERE m.account_id = $1 AND m.community_id = ANY($2) AND m.status = 'active'` },
    [ctx.actor.accountId, communityIds],
  );
  return new Map(found.map((member) => [member.communityId, member]));
};

/** Pages of active members by community, in the order in which they joined. By `pageKey`. */
export const membersOfCommunities = (
  ctx: Ctx,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly Member[]>> =>
  loadPages(keys, async (communityIds, { first, after }) => {
    const found = await select(
      ctx.db,
      {
        from: `unnest($3::uuid[]) AS of (community_id)
          JOIN community AS c ON c.id = of.community_id AND ${inside('c')} CROSS JOIN LATERAL (
          SELECT * FROM member WHERE community_id = of.community_id AND status = 'active'
            AND ($4::timestamptz IS NULL OR (joined_at, id) > ($4, $5::uuid))
          ORDER BY joined_at, id LIMIT $6) AS m`,
        rest: 'ORDER BY m.joined_at, m.id',
      },
      [...viewer(ctx), communityIds, after?.[0] ?? null, after?.[1] ?? null, first + 1],
    );
    return found.map((member) => [member.communityId, member] as const);
  });

/** Pages of active memberships by account, in communities that the viewer can see. By `pageKey`. */
export const membershipsOfAccounts = (
  ctx: Ctx,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly Member[]>> =>
  loadPages(keys, async (accountIds, { first, after }) => {
    const found = await select(
      ctx.db,
      {
        from: `unnest($3::uuid[]) AS of (account_id) CROSS JOIN LATERAL (
          SELECT member.* FROM member JOIN community AS c ON c.id = member.community_id
          WHERE member.account_id = of.account_id AND status = 'active' AND ${inside('c')}
            AND ($4::timestamptz IS NULL OR (joined_at, member.id) > ($4, $5::uuid))
          ORDER BY joined_at, member.id LIMIT $6) AS m`,
        rest: 'ORDER BY m.joined_at, m.id',
      },
      [...viewer(ctx), accountIds, after?.[0] ?? null, after?.[1] ?? null, first + 1],
    );
    return found.map((member) => [member.accountId, member] as const);
  });

/** Whatever its status and its community; null for who never joined. */
export const memberOf = async (
  db: EntityManager,
  { communityId, accountId }: { communityId: CommunityId; accountId: AccountId },
): Promise<Member | null> => {
  const [found] = await select(db, { rest: 'WHERE m.account_id = $1 AND m.community_id = $2' }, [
    accountId,
    communityId,
  ]);
  return found ?? null;
};

export const memberById = async (db: EntityManager, id: MemberId): Promise<Member | null> => {
  const [found] = await select(db, { rest: 'WHERE m.id = $1' }, [id]);
  return found ?? null;
};

/** The actor's role in the community, for policies; null for who is not an active member. */
export const ownRole = async (tx: Tx, communityId: CommunityId): Promise<Role | null> => {
  const own = await memberOf(tx.db, { communityId, accountId: requireUser(tx).accountId });
  return own?.status === MemberStatus.ACTIVE ? own.role : null;
};

export const isOnlyOwner = async (db: EntityManager, member: Member): Promise<boolean> => {
  if (member.role !== Role.OWNER) return false;
  const others = await db.query<unknown[]>(
    `SELECT FROM member WHERE community_id = $1 AND role = 'owner' AND status = 'active' AND id <> $2 LIMIT 1`,
    [member.communityId, member.id],
  );
  return others.length === 0;
};
