import { isId, type CommunityId } from '@lyceum/contracts';
import { useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { requireAccount } from '../accounts/account.queries';
import { CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { Member, MemberStatus, Role } from './member.entity';
import { MemberBanned } from './member.errors';
import { memberOf } from './member.queries';
import { admit, changeMember } from './member.writes';

@InputType({ description: 'Which community to join.' })
export class JoinCommunityInput {
  @Field(() => ID) communityId!: CommunityId;
}

export const JoinCommunityResult = createUnionType({
  name: 'JoinCommunityResult',
  types: () => [Member, CommunityNotFound, MemberBanned] as const,
});
export type JoinCommunityOutcome = Member | CommunityNotFound | MemberBanned;

/** Joining what one has joined changes nothing. A private community cannot be seen, so not be joined either. */
export const joinCommunity = useCase(
  async (tx, { communityId }: JoinCommunityInput): Promise<JoinCommunityOutcome> => {
    const accountId = await requireAccount(tx);
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();

    const member = await memberOf(tx.db, { communityId, accountId });
    if (member === null) return admit(tx, { accountId, communityId, role: Role.MEMBER });
    if (member.status === MemberStatus.BANNED) return new MemberBanned();
    if (member.status === MemberStatus.ACTIVE) return member;
    return changeMember(tx, member, { status: MemberStatus.ACTIVE });
  },
);
