import { isId, type AccountId, type CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Page } from '../pages';
import { Invite } from './invite.type';

const columns = `i.id, i.community_id AS "communityId", i.inviter_id AS "inviterId", i.code, i.max_uses AS "maxUses",
  i.uses, i.created_at AS "createdAt", i.expires_at AS "expiresAt", i.revoked_at AS "revokedAt"`;

const asInvite = (row: object): Invite => Object.assign(new Invite(), row);

export const inviteByCode = async (db: EntityManager, code: string): Promise<Invite | null> => {
  const [row] = await db.query<object[]>(`SELECT ${columns} FROM invite AS i WHERE i.code = $1`, [
    code,
  ]);
  return row === undefined ? null : asInvite(row);
};

export const inviteById = async (db: EntityManager, id: string): Promise<Invite | null> => {
  if (!isId(id)) return null;
  const [row] = await db.query<object[]>(
    `SELECT ${columns} FROM invite AS i WHERE i.id = $1 FOR UPDATE`,
    [id],
  );
  return row === undefined ? null : asInvite(row);
};

/** Those of a community, the oldest first; only the account's own unless `inviterId` is null. */
export const invitesPage = async (
  db: EntityManager,
  {
    communityId,
    inviterId,
    page,
  }: { communityId: CommunityId; inviterId: AccountId | null; page: Page<string> },
): Promise<readonly Invite[]> => {
  const rows = await db.query<object[]>(
    `SELECT ${columns} FROM invite AS i WHERE i.community_id = $1 AND ($2::uuid IS NULL OR i.inviter_id = $2)
       AND ($3::timestamptz IS NULL OR (i.created_at, i.id) > ($3, $4::uuid))
     ORDER BY i.created_at, i.id LIMIT $5`,
    [communityId, inviterId, page.after?.[0] ?? null, page.after?.[1] ?? null, page.first + 1],
  );
  return rows.map(asInvite);
};
