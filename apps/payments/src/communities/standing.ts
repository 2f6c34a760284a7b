import type { AccountId, CommunityId } from '@lyceum/contracts';
import {
  forget,
  learnCommunity,
  learnMembership,
  load,
  requireUser,
  type BatchQuery,
  type Ctx,
  type Visibility,
} from '@lyceum/platform';

/** What is known here of a community, and of the actor in it. */
interface Standing {
  /** Null while the community has not been heard of. */
  readonly visibility: Visibility | null;
  readonly isMember: boolean;
}

const unknown: Standing = { visibility: null, isMember: false };

const standings: BatchQuery<CommunityId, Standing> = async (ctx, ids) => {
  const rows = await ctx.db.query<(Standing & { id: CommunityId })[]>(
    `SELECT asked.id, community.visibility, EXISTS (
       SELECT FROM membership
       WHERE community_id = asked.id AND account_id = $2::uuid AND status = 'active') AS "isMember"
     FROM unnest($1::uuid[]) AS asked (id) LEFT JOIN community ON community.id = asked.id`,
    [ids, accountOf(ctx)],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

/**
 * Whether the actor may see what the community sells, however it is asked for: in a private one its active
 * members alone may. What the projection lacks is asked of identity; while that is down, what is known decides.
 */
export const isVisible = async (ctx: Ctx, communityId: CommunityId): Promise<boolean> => {
  const known = await standingIn(ctx, communityId);
  if (mayRead(known)) return true;
  if (known.visibility === null) await orWarn(ctx, learnCommunity(ctx, communityId));
  const accountId = accountOf(ctx);
  if (accountId !== null) await orWarn(ctx, learnMembership(ctx, { communityId, accountId }));
  forget(ctx, standings, communityId);
  return mayRead(await standingIn(ctx, communityId));
};

/**
 * Before a write, and so outside of its transaction: makes sure of the actor's membership, whose event may
 * still be on its way. Throws SUBGRAPH_UNAVAILABLE when only identity could tell, and doesn't answer.
 */
export const learnStanding = async (ctx: Ctx, communityId: CommunityId): Promise<void> => {
  const { accountId } = requireUser(ctx);
  const { isMember } = await standingIn(ctx, communityId);
  if (isMember) return;
  await learnMembership(ctx, { communityId, accountId });
  forget(ctx, standings, communityId);
};

const standingIn = async (ctx: Ctx, communityId: CommunityId): Promise<Standing> =>
  (await load(ctx, standings, communityId)) ?? unknown;

const orWarn = (ctx: Ctx, asking: Promise<void>): Promise<void> =>
  asking.catch((error: unknown) => ctx.log.warn({ err: error }, 'identity.not-asked'));

const mayRead = ({ visibility, isMember }: Standing): boolean =>
  visibility === 'public' || isMember;

const accountOf = ({ actor }: Ctx): AccountId | null =>
  actor.kind === 'user' ? actor.accountId : null;
