import type { MemberId } from '@lyceum/contracts';
import { forbidden, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { Member, MemberStatus, Role } from './member.entity';
import { MemberNotFound } from './member.errors';
import { ownRole } from './member.queries';
import { changeMember, lockMember } from './member.writes';
import { mayBan } from './rights';

@InputType({ description: 'Which member of a community.' })
export class BanMemberInput {
  @Field(() => ID) memberId!: MemberId;
}

export const BanMemberResult = createUnionType({
  name: 'BanMemberResult',
  types: () => [Member, MemberNotFound] as const,
});
export type BanMemberOutcome = Member | MemberNotFound;

/** Nobody can ban who has as high a role, so neither oneself. Who has left can be kept from coming back. */
export const banMember = useCase(
  async (tx, { memberId }: BanMemberInput): Promise<BanMemberOutcome> => {
    const member = await lockMember(tx, memberId);
    if (member === null) return new MemberNotFound();
    if (!mayBan(await ownRole(tx, member.communityId), member.role)) throw forbidden();
    if (member.status === MemberStatus.BANNED) return member;

    return changeMember(tx, member, { status: MemberStatus.BANNED, role: Role.MEMBER });
  },
);

/** The account may join again; it is not joined by others. */
export const liftBan = useCase(
  async (tx, { memberId }: BanMemberInput): Promise<BanMemberOutcome> => {
    const member = await lockMember(tx, memberId);
    if (member === null) return new MemberNotFound();
    if (!mayBan(await ownRole(tx, member.communityId), member.role)) throw forbidden();
    if (member.status !== MemberStatus.BANNED) return member;

    return changeMember(tx, member, { status: MemberStatus.LEFT });
  },
);
