import { isId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { Member, MemberStatus, Role } from './member.entity';
import { LastOwner, NotAMember } from './member.errors';
import { isOnlyOwner, memberOf } from './member.queries';
import { changeMember } from './member.writes';

@InputType({ description: 'Which community to leave.' })
export class LeaveCommunityInput {
  @Field(() => ID) communityId!: CommunityId;
}

export const LeaveCommunityResult = createUnionType({
  name: 'LeaveCommunityResult',
  types: () => [Member, CommunityNotFound, NotAMember, LastOwner] as const,
});
export type LeaveCommunityOutcome = Member | CommunityNotFound | NotAMember | LastOwner;

/** What the member wrote and earned stays; the role does not come back by joining again. */
export const leaveCommunity = useCase(
  async (tx, { communityId }: LeaveCommunityInput): Promise<LeaveCommunityOutcome> => {
    const { accountId } = requireUser(tx);
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();

    const member = await memberOf(tx.db, { communityId, accountId });
    if (member?.status !== MemberStatus.ACTIVE) return new NotAMember();
    if (await isOnlyOwner(tx.db, member)) return new LastOwner();
    return changeMember(tx, member, { status: MemberStatus.LEFT, role: Role.MEMBER });
  },
);
