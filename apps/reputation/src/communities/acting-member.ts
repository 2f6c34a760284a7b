import { isId, may, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { askMembership, requireUser, UserError, type Ctx, type Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { ObjectType } from 'type-graphql';
import { recordMemberships, type Membership } from '../leaderboard/record-membership.consumer';
import { query } from '../sql';

export interface ActingMember {
  readonly memberId: MemberId;
  readonly communityId: CommunityId;
  readonly role: Membership['role'];
}

@ObjectType({ implements: UserError })
export class NotCommunityAdmin extends UserError {
  readonly code = 'NOT_COMMUNITY_ADMIN' as const;
  readonly message = 'Only owners and admins of the community may do this.';
}

@ObjectType({ implements: UserError })
export class NotCommunityMember extends UserError {
  readonly code = 'NOT_COMMUNITY_MEMBER' as const;
  readonly message = 'Only active members of the community may do this.';
}

/**
 * The caller's active membership; null for who has none. Who has just joined may act before the event that
 * says so is here: what is missing is asked of identity, so call it before a transaction, never in one.
 */
export const learnActingMember = async (
  ctx: Ctx,
  communityId: string,
): Promise<ActingMember | null> => {
  const { accountId } = requireUser(ctx);
  if (!isId(communityId)) return null;
  const known = await actingMember(ctx, communityId as CommunityId); // has the form of one
  if (known !== null) return known;
  const told = await askMembership(ctx.deps.graph, {
    communityId: communityId as CommunityId,
    accountId,
  });
  if (told === null) return null;
  await recordMemberships(ctx.db, [told]);
  return actingMember(ctx, communityId as CommunityId);
};

/** The caller's active membership as it is known here. */
export const actingMember = async (
  { db, actor }: Pick<Tx, 'db' | 'actor'>,
  communityId: CommunityId,
): Promise<ActingMember | null> =>
  actor.kind === 'user' ? memberOfAccount(db, { communityId, accountId: actor.accountId }) : null;

const memberOfAccount = async (
  db: EntityManager,
  { communityId, accountId }: { communityId: CommunityId; accountId: AccountId },
): Promise<ActingMember | null> => {
  const [own] = await query<ActingMember>(
    db,
    `SELECT member_id AS "memberId", community_id AS "communityId", role FROM member_standing
     WHERE account_id = $1 AND community_id = $2 AND status = 'active'`,
    [accountId, communityId],
  );
  return own ?? null;
};

/** Decides on incentives: rules, gifts, and what fair play found. */
export const mayAdminister = (member: Pick<ActingMember, 'role'> | null): boolean =>
  may(member?.role ?? null, 'incentives.manage');

/** Sees what fair play found. */
export const mayModerate = (member: Pick<ActingMember, 'role'> | null): boolean =>
  may(member?.role ?? null, 'fair-play.read');
