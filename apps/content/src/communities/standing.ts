import type { AccountId, CommunityId } from '@lyceum/contracts';
import {
  forbidden,
  forget,
  learnCommunity,
  learnMembership,
  load,
  requireUser,
  type Ctx,
  type Tx,
  type Visibility,
} from '@lyceum/platform';
import type { Membership } from './membership.entity';

/** What is known here of a community, and of the actor in it. */
interface Standing {
  readonly communityId: CommunityId;
  /** Null while the community has not been heard of. */
  readonly visibility: Visibility | null;
  readonly isMember: boolean;
}

const standings = async (
  ctx: Ctx,
  communityIds: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, Standing>> => {
  const found = await ctx.db.query<Standing[]>(
    `SELECT asked.id AS "communityId", c.visibility,
       EXISTS (SELECT FROM membership AS m
         WHERE m.community_id = asked.id AND m.account_id = $2 AND m.status = 'active') AS "isMember"
     FROM unnest($1::uuid[]) AS asked (id) LEFT JOIN community AS c ON c.id = asked.id`,
    [communityIds, accountOf(ctx)],
  );
  return new Map(found.map((standing) => [standing.communityId, standing]));
};

/**
 * Whether the actor may see what is in the community: a private one has content for its active members only,
 * however it is asked for. While identity is down, what is known here is all there is.
 */
export const isVisible = async (ctx: Ctx, communityId: CommunityId): Promise<boolean> => {
  if (ctx.actor.kind === 'service') return true; // our own jobs; requests of other services come as nobody
  const known = await standingIn(ctx, communityId);
  if (mayRead(known)) return true;
  if (known.visibility === null) await orWarn(ctx, learnCommunity(ctx, communityId));
  const accountId = accountOf(ctx);
  if (accountId !== null) await orWarn(ctx, learnMembership(ctx, { communityId, accountId }));
  forget(ctx, standings, communityId);
  return mayRead(await standingIn(ctx, communityId));
};

/**
 * Before a write: makes sure that the projection has the actor's membership, if there is one. Throws
 * SUBGRAPH_UNAVAILABLE when only identity could tell, and it doesn't answer. What the request has read before is
 * forgotten, because a request may have several writes, and each answers with what it has made of things.
 */
export const learnStanding = async (ctx: Ctx, communityId: CommunityId): Promise<void> => {
  const { accountId } = requireUser(ctx);
  ctx.loaders.clear();
  const known = await standingIn(ctx, communityId);
  if (known.visibility === null) await orWarn(ctx, learnCommunity(ctx, communityId));
  if (!known.isMember) await learnMembership(ctx, { communityId, accountId });
  forget(ctx, standings, communityId);
};

const standingIn = async (ctx: Ctx, communityId: CommunityId): Promise<Standing> =>
  (await load(ctx, standings, communityId)) ?? { communityId, visibility: null, isMember: false };

const orWarn = (ctx: Ctx, asking: Promise<void>): Promise<void> =>
  asking.catch((error: unknown) => ctx.log.warn({ err: error }, 'identity.not-asked'));

const mayRead = ({ visibility, isMember }: Standing): boolean =>
  visibility === 'public' || isMember;

const accountOf = ({ actor }: { readonly actor: Ctx['actor'] }): AccountId | null =>
  actor.kind === 'user' ? actor.accountId : null;

/** The actor's membership, and the version of the rules that is in force and that it has yet to accept. */
export type ActingMember = Membership & { readonly owedCharter: number | null };

/**
 * The actor's active membership of the community, for policies; null for who has none. Everything that writes asks
 * for it, so it is where an archived community is closed: with FORBIDDEN, because every operation can meet that.
 */
export const actingMember = async (
  tx: Tx | Ctx,
  communityId: CommunityId,
): Promise<ActingMember | null> => {
  const [own] = await tx.db.query<(ActingMember & { isArchived: boolean })[]>(
    `SELECT member_id AS "memberId", account_id AS "accountId", community_id AS "communityId", role, status, version,
       EXISTS (SELECT FROM community_archive AS a WHERE a.community_id = $1 AND a.is_archived) AS "isArchived",
       (SELECT max(c.version) FROM charter AS c WHERE c.community_id = $1 AND c.in_force_from <= $3
          AND c.version > coalesce((SELECT a.version FROM charter_acceptance AS a
            WHERE a.member_id = membership.member_id), 0)) AS "owedCharter"
     FROM membership WHERE community_id = $1 AND account_id = $2 AND status = 'active'`,
    [communityId, requireUser(tx).accountId, 'now' in tx ? tx.now : tx.deps.now()],
  );
  if (own?.isArchived === true)
    throw forbidden('This community is in the archive: it can only be read.');
  return own ?? null;
};
