import type { EntityManager } from 'typeorm';
import type { KnownCommunity } from './known-community.entity';
import type { Membership } from './membership.entity';

/*
 * What identity tells, by event or when asked. The highest version told is in force, in whatever order they
 * arrive; a membership may be told before its community. Written in the order of ids: two batches cannot deadlock.
 */

export const recordCommunities = (
  db: EntityManager,
  communities: readonly KnownCommunity[],
): Promise<unknown> =>
  db.query(
    `INSERT INTO community (id, slug, visibility)
     SELECT DISTINCT ON (id) id, slug, visibility
     FROM json_to_recordset($1::json) AS told (id uuid, slug text, visibility text)
     ORDER BY id
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(communities)],
  );

export const recordMemberships = (
  db: EntityManager,
  memberships: readonly Membership[],
): Promise<unknown> =>
  db.query(
    `INSERT INTO membership (member_id, account_id, community_id, role, status, version)
     SELECT DISTINCT ON ("memberId") "memberId", "accountId", "communityId", role, status, version
     FROM json_to_recordset($1::json) AS told
       ("memberId" uuid, "accountId" uuid, "communityId" uuid, role text, status text, version int)
     ORDER BY "memberId", version DESC
     ON CONFLICT (member_id) DO UPDATE
       SET account_id = excluded.account_id, role = excluded.role, status = excluded.status,
           version = excluded.version
       WHERE membership.version < excluded.version`,
    [JSON.stringify(memberships)],
  );
