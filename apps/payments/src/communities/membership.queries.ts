import type { AccountId, CommunityId } from '@lyceum/contracts';
import { load, requireUser, type BatchQuery, type Ctx } from '@lyceum/platform';
import { In, type EntityManager } from 'typeorm';
import { Membership } from './membership.entity';

/** The account's membership of the community, or null when none was told of. */
export const membershipOf = (
  db: EntityManager,
  { communityId, accountId }: { communityId: CommunityId; accountId: AccountId },
): Promise<Membership | null> => db.findOneBy(Membership, { communityId, accountId });

const ownMemberships: BatchQuery<CommunityId, Membership> = async (ctx, communityIds) => {
  const { accountId } = requireUser(ctx);
  const rows = await ctx.db.findBy(Membership, { accountId, communityId: In([...communityIds]) });
  return new Map(rows.map((membership) => [membership.communityId, membership]));
};

/** The same of the actor, for fields: however many ask, it is one statement. */
export const ownMembership = (ctx: Ctx, communityId: CommunityId): Promise<Membership | null> =>
  load(ctx, ownMemberships, communityId);
