import type { AccountId, CommunityId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { Visibility } from './known-community.entity';
import type { Membership } from './membership.entity';
import { recordCommunities, recordMemberships } from './record';

/*
 * Who has just joined may write at once, although the event that says so is still on its way: what the projection
 * lacks is asked of identity. Over the network, so before a transaction, never in one.
 */

const membershipQuery = `query ($communityId: ID!, $accountId: ID!) {
  internalMembership(communityId: $communityId, accountId: $accountId) {
    memberId accountId communityId role status version
  }
}`;

/** Records what identity says about the account in the community. Throws SUBGRAPH_UNAVAILABLE. */
export const learnMembership = async (
  { db, deps }: Ctx,
  of: { readonly communityId: CommunityId; readonly accountId: AccountId },
): Promise<void> => {
  const { internalMembership } = await deps.graph.query<{ internalMembership: Membership | null }>(
    'identity',
    { query: membershipQuery, variables: of },
  );
  if (internalMembership !== null) await recordMemberships(db, [internalMembership]);
};

const communityQuery = `query ($communityId: ID!) {
  internalCommunity(communityId: $communityId) { communityId slug visibility }
}`;

interface InternalCommunity {
  readonly communityId: CommunityId;
  readonly slug: string;
  readonly visibility: Visibility;
}

/** Records what identity says about the community. Throws SUBGRAPH_UNAVAILABLE. */
export const learnCommunity = async (
  { db, deps }: Ctx,
  communityId: CommunityId,
): Promise<void> => {
  const { internalCommunity } = await deps.graph.query<{
    internalCommunity: InternalCommunity | null;
  }>('identity', { query: communityQuery, variables: { communityId } });
  if (internalCommunity === null) return;
  const { slug, visibility } = internalCommunity;
  await recordCommunities(db, [{ id: communityId, slug, visibility }]);
};
