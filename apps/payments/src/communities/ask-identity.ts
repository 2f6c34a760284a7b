import type { AccountId, CommunityId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { Visibility } from './community.entity';
import type { Membership } from './membership.entity';
import { recordCommunities, recordMemberships } from './record';

/*
 * For what the projection has not heard of yet. Over the network, so never in a transaction; both throw
 * SUBGRAPH_UNAVAILABLE when identity doesn't answer.
 */

const membershipQuery = `query ($communityId: ID!, $accountId: ID!) {
  internalMembership(communityId: $communityId, accountId: $accountId) {
    memberId accountId communityId role status version
  }
}`;

/** Records what identity says of the account in the community. */
export const askMembership = async (
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

/** Records what identity says of the community. */
export const askCommunity = async ({ db, deps }: Ctx, communityId: CommunityId): Promise<void> => {
  const { internalCommunity } = await deps.graph.query<{
    internalCommunity: InternalCommunity | null;
  }>('identity', { query: communityQuery, variables: { communityId } });
  if (internalCommunity === null) return;
  const { slug, visibility } = internalCommunity;
  await recordCommunities(db, [{ id: communityId, slug, visibility }]);
};
