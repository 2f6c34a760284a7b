import type { CommunityId } from '@lyceum/contracts';
import { notFound, type Ctx } from '@lyceum/platform';
import { query as select } from '../sql';

const query = `query ($communityId: ID!, $accountId: ID!, $isSomebody: Boolean!) {
  internalCommunity(communityId: $communityId) { visibility }
  internalMembership(communityId: $communityId, accountId: $accountId) @include(if: $isSomebody) { status }
}`;

interface Answer {
  readonly internalCommunity: { readonly visibility: string } | null;
  readonly internalMembership?: { readonly status: string } | null;
}

/**
 * Whether the caller may know of the community: a private one is for its active members. Elsewhere the gateway reaches
 * a community only through identity, which decides; a subscription begins here, so it has to be asked.
 * Throws SUBGRAPH_UNAVAILABLE while identity is away: nobody is let in unseen.
 */
export const canSee = async ({ actor, deps }: Ctx, communityId: CommunityId): Promise<boolean> => {
  const accountId = actor.kind === 'user' ? actor.accountId : null;
  const { internalCommunity, internalMembership } = await deps.graph.query<Answer>('identity', {
    query,
    variables: { communityId, accountId: accountId ?? communityId, isSomebody: accountId !== null },
  });
  if (internalCommunity === null) return false;
  return internalCommunity.visibility === 'public' || internalMembership?.status === 'active';
};

/**
 * Ends a stream with NOT_FOUND when the community is private, by now, and the caller none of its members. Identity is
 * asked only of private ones.
 */
export const requireSight = async (ctx: Ctx, communityId: CommunityId): Promise<void> => {
  const [known] = await select<{ visibility: string }>(
    ctx.db,
    'SELECT visibility FROM community WHERE id = $1',
    [communityId],
  );
  if (known?.visibility !== 'public' && !(await canSee(ctx, communityId)))
    throw notFound('There is no such community.');
};
