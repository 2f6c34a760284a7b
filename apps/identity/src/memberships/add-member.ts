import { isId, may, type CommunityId } from '@lyceum/contracts';
import { forbidden, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { accountByHandle } from '../accounts/account.queries';
import { recordAudit } from '../audit/record-audit';
import { CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { parseHandle } from '../text';
import { Member, MemberStatus, Role } from './member.entity';
import { MemberBanned, MemberNotFound } from './member.errors';
import { memberOf, ownRole } from './member.queries';
import { admit, changeMember } from './member.writes';

@InputType({ description: 'Who is to be a member of what.' })
export class AddMemberInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String, { description: 'The handle of the account to add.' }) handle!: string;
}

export const AddMemberResult = createUnionType({
  name: 'AddMemberResult',
  types: () => [Member, CommunityNotFound, MemberNotFound, MemberBanned] as const,
});
export type AddMemberOutcome = Member | CommunityNotFound | MemberNotFound | MemberBanned;

/** The way into a private community. */
export const addMember = useCase(
  async (tx, { communityId, handle }: AddMemberInput): Promise<AddMemberOutcome> => {
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    if (!may(await ownRole(tx, communityId), 'members.add')) throw forbidden();
    const account = await accountByHandle(tx.db, parseHandle('handle', handle));
    if (account === null) return new MemberNotFound();

    const member = await memberOf(tx.db, { communityId, accountId: account.id });
    if (member?.status === MemberStatus.BANNED) return new MemberBanned();
    if (member?.status === MemberStatus.ACTIVE) return member;
    const added =
      member === null
        ? await admit(tx, { accountId: account.id, communityId, role: Role.MEMBER })
        : await changeMember(tx, member, { status: MemberStatus.ACTIVE });
    const subject = { type: 'Member', id: added.id };
    await recordAudit(tx, { action: 'member.added', communityId, subject });
    return added;
  },
);
