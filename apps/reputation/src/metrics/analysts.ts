import { isRole, may, type CommunityId } from '@lyceum/contracts';
import {
  askMembership,
  forbidden,
  load,
  unauthenticated,
  type BatchQuery,
  type Ctx,
} from '@lyceum/platform';

const rolesHere: BatchQuery<CommunityId, string> = async (ctx, communityIds) => {
  const { actor, deps } = ctx;
  if (actor.kind !== 'user') return new Map();
  const { accountId } = actor;
  const roles = await Promise.all(
    communityIds.map(async (communityId): Promise<[CommunityId, string]> => {
      const membership = await askMembership(deps.graph, { communityId, accountId });
      return [communityId, membership?.status === 'active' ? membership.role : ''];
    }),
  );
  return new Map(roles);
};

/**
 * Whether the caller may see what is not for everybody: owners, admins and analysts of the community. Identity is
 * asked each time, so a role that was taken away is gone at once; throws SUBGRAPH_UNAVAILABLE while it is away.
 */
export const isAnalyst = async (ctx: Ctx, communityId: CommunityId): Promise<boolean> => {
  if (ctx.actor.kind === 'service') return true;
  const role = (await load(ctx, rolesHere, communityId)) ?? '';
  return isRole(role) && may(role, 'metrics.read');
};

/** Throws UNAUTHENTICATED or FORBIDDEN for who is none. */
export const requireAnalyst = async (ctx: Ctx, communityId: CommunityId): Promise<void> => {
  if (ctx.actor.kind === 'anonymous') throw unauthenticated();
  if (!(await isAnalyst(ctx, communityId)))
    throw forbidden('This is for owners, admins and analysts of the community.');
};
