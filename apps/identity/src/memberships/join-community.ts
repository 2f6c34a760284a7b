import { isId, type CommunityId } from '@lyceum/contracts';
import { useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { requireAccount } from '../accounts/account.queries';
import { CommunityVisibility } from '../communities/community.entity';
import { CommunityInArchive, CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { endBanInTime } from './ban-member';
import { Member, MemberStatus, Role } from './member.entity';
import { ApprovalRequired, MemberBanned } from './member.errors';
import { memberOf } from './member.queries';
import { admit, changeMember } from './member.writes';

@InputType({ description: 'Which community to join.' })
export class JoinCommunityInput {
  @Field(() => ID) communityId!: CommunityId;
}

export const JoinCommunityResult = createUnionType({
  name: 'JoinCommunityResult',
  types: () =>
    [Member, CommunityNotFound, CommunityInArchive, ApprovalRequired, MemberBanned] as const,
});
export type JoinCommunityOutcome =
  Member | CommunityNotFound | CommunityInArchive | ApprovalRequired | MemberBanned;

/** Joining what one has joined changes nothing. A private community cannot be seen; of a listed one, one asks. */
export const joinCommunity = useCase(
  async (tx, { communityId }: JoinCommunityInput): Promise<JoinCommunityOutcome> => {
    const accountId = await requireAccount(tx);
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();

    const known = await memberOf(tx.db, { communityId, accountId });
    if (known?.status === MemberStatus.ACTIVE) return known;
    const member = known === null ? null : await endBanInTime(tx, known);
    if (member?.status === MemberStatus.BANNED) return new MemberBanned();
    if (community.archivedAt !== null) return new CommunityInArchive();
    if (community.visibility !== CommunityVisibility.PUBLIC) return new ApprovalRequired();
    if (member === null) return admit(tx, { accountId, communityId, role: Role.MEMBER });
    return changeMember(tx, member, { status: MemberStatus.ACTIVE });
  },
);
