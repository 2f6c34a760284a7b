import { isId, type AccountId, type CommunityId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import type { Page } from '../pages';
import { JoinRequest } from './join-request.type';

const columns = `r.id, r.community_id AS "communityId", r.account_id AS "accountId", r.message, r.state,
  r.requested_at AS "requestedAt", r.decided_at AS "decidedAt"`;

const asRequest = (row: object): JoinRequest => Object.assign(new JoinRequest(), row);

export const joinRequestById = async (
  db: EntityManager,
  id: string,
): Promise<JoinRequest | null> => {
  if (!isId(id)) return null;
  const [row] = await db.query<object[]>(
    `SELECT ${columns} FROM join_request AS r WHERE r.id = $1 FOR UPDATE`,
    [id],
  );
  return row === undefined ? null : asRequest(row);
};

/** The newest of an account in a community; null for who never asked. */
export const lastJoinRequest = async (
  db: EntityManager,
  { communityId, accountId }: { communityId: CommunityId; accountId: AccountId },
): Promise<JoinRequest | null> => {
  const [row] = await db.query<object[]>(
    `SELECT ${columns} FROM join_request AS r WHERE r.account_id = $1 AND r.community_id = $2
     ORDER BY r.requested_at DESC, r.id DESC LIMIT 1`,
    [accountId, communityId],
  );
  return row === undefined ? null : asRequest(row);
};

/** Those of a community, or of an account, the oldest first. */
export const joinRequestsPage = async (
  ctx: Ctx,
  {
    of,
    page,
    state,
  }: {
    of: { readonly communityId: CommunityId } | { readonly accountId: AccountId };
    page: Page<string>;
    state: string | null;
  },
): Promise<readonly JoinRequest[]> => {
  const [column, value] =
    'communityId' in of ? ['community_id', of.communityId] : ['account_id', of.accountId];
  const rows = await ctx.db.query<object[]>(
    `SELECT ${columns} FROM join_request AS r WHERE r.${column} = $1 AND ($2::text IS NULL OR r.state = $2)
       AND ($3::timestamptz IS NULL OR (r.requested_at, r.id) > ($3, $4::uuid))
     ORDER BY r.requested_at, r.id LIMIT $5`,
    [value, state, page.after?.[0] ?? null, page.after?.[1] ?? null, page.first + 1],
  );
  return rows.map(asRequest);
};
