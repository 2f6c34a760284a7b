import type { CommunityId, MemberId } from '@lyceum/contracts';
import { load, type Ctx } from '@lyceum/platform';
import { isVisible } from './standing';

const communitiesOfMembers = async (
  ctx: Ctx,
  memberIds: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, CommunityId>> => {
  const rows = await ctx.db.query<{ memberId: MemberId; communityId: CommunityId }[]>(
    `SELECT member_id AS "memberId", community_id AS "communityId" FROM membership WHERE member_id = ANY($1::uuid[])`,
    [memberIds],
  );
  return new Map(rows.map(({ memberId, communityId }) => [memberId, communityId]));
};

/** Whether the viewer may see what the member has written: a member is one of one community. */
export const isMemberVisible = async (ctx: Ctx, memberId: MemberId): Promise<boolean> => {
  const communityId = await load(ctx, communitiesOfMembers, memberId);
  return communityId !== null && isVisible(ctx, communityId);
};
