import type { AccountId, CommunityId, MembershipChanged, PayloadOf } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Ctx, InternalGraph } from './context';

/*
 * What other domains know of identity's communities and memberships: told by events, kept in the tables `community` and
 * `membership`, and asked for while an event is still on its way. Asking goes over the network, so it comes before a
 * transaction, never in one; it throws SUBGRAPH_UNAVAILABLE when identity doesn't answer.
 */

export type MembershipFact = PayloadOf<typeof MembershipChanged>;

/** A private community's things are there for its active members only. */
export type Visibility = 'public' | 'private';

export interface CommunityFact {
  readonly id: CommunityId;
  readonly slug: string;
  readonly visibility: Visibility;
  /** 0 is as founded. */
  readonly version?: number;
}

const membershipQuery = `query ($communityId: ID!, $accountId: ID!) {
  internalMembership(communityId: $communityId, accountId: $accountId) {
    memberId accountId communityId role status version
  }
}`;

/** What identity says of the account in the community; null when it never was a member. */
export const askMembership = async (
  graph: InternalGraph,
  of: { readonly communityId: CommunityId; readonly accountId: AccountId },
): Promise<MembershipFact | null> => {
  const { internalMembership } = await graph.query<{ internalMembership: MembershipFact | null }>(
    'identity',
    { query: membershipQuery, variables: of },
  );
  return internalMembership;
};

const communityQuery = `query ($communityId: ID!) {
  internalCommunity(communityId: $communityId) { communityId slug visibility version }
}`;

/** What identity says of the community; null when there is none. */
export const askCommunity = async (
  graph: InternalGraph,
  communityId: CommunityId,
): Promise<CommunityFact | null> => {
  const { internalCommunity } = await graph.query<{
    internalCommunity: Omit<CommunityFact, 'id'> | null;
  }>('identity', { query: communityQuery, variables: { communityId } });
  if (internalCommunity === null) return null;
  const { slug, visibility, version = 0 } = internalCommunity;
  return { id: communityId, slug, visibility, version };
};

/** The highest version told is in force, in whatever order they arrive. In the order of ids: two batches cannot deadlock. */
export const recordCommunities = async (
  db: EntityManager,
  communities: readonly CommunityFact[],
): Promise<void> => {
  await db.query(
    `INSERT INTO community (id, slug, visibility, version)
     SELECT DISTINCT ON (id) id, slug, visibility, coalesce(version, 0)
     FROM json_to_recordset($1::json) AS told (id uuid, slug text, visibility text, version int)
     ORDER BY id, version DESC NULLS LAST
     ON CONFLICT (id) DO UPDATE SET visibility = excluded.visibility, version = excluded.version
       WHERE community.version < excluded.version`,
    [JSON.stringify(communities)],
  );
};

/** The highest version told is in force, in whatever order they arrive. A membership may be told before its community. */
export const recordMemberships = async (
  db: EntityManager,
  memberships: readonly MembershipFact[],
): Promise<void> => {
  await db.query(
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
};

/** Asks identity about the community, and records what it says. */
export const learnCommunity = async (
  { db, deps }: Pick<Ctx, 'db' | 'deps'>,
  communityId: CommunityId,
): Promise<void> => {
  const community = await askCommunity(deps.graph, communityId);
  if (community !== null) await recordCommunities(db, [community]);
};

/** Asks identity about the account in the community, and records what it says. */
export const learnMembership = async (
  { db, deps }: Pick<Ctx, 'db' | 'deps'>,
  of: { readonly communityId: CommunityId; readonly accountId: AccountId },
): Promise<void> => {
  const membership = await askMembership(deps.graph, of);
  if (membership !== null) await recordMemberships(db, [membership]);
};
