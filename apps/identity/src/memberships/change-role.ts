import type { MemberId } from '@lyceum/contracts';
import { forbidden, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { Member, MemberStatus, Role } from './member.entity';
import { LastOwner, MemberNotFound, OwnershipMustBeOffered } from './member.errors';
import { isOnlyOwner, ownRole } from './member.queries';
import { changeMember, lockMember } from './member.writes';
import { mayChangeRole } from './rights';

@InputType({ description: 'Who is to have which role.' })
export class ChangeRoleInput {
  @Field(() => ID) memberId!: MemberId;
  @Field(() => Role) role!: Role;
}

export const ChangeRoleResult = createUnionType({
  name: 'ChangeRoleResult',
  types: () => [Member, MemberNotFound, LastOwner, OwnershipMustBeOffered] as const,
});
export type ChangeRoleOutcome = Member | MemberNotFound | LastOwner | OwnershipMustBeOffered;

export const changeRole = useCase(
  async (tx, { memberId, role }: ChangeRoleInput): Promise<ChangeRoleOutcome> => {
    const member = await lockMember(tx, memberId);
    if (member === null) return new MemberNotFound();
    const own = await ownRole(tx, member.communityId);
    if (!mayChangeRole(own, { from: member.role, to: role })) throw forbidden();
    if (member.status !== MemberStatus.ACTIVE) return new MemberNotFound();
    if (member.role === role) return member;
    if (role === Role.OWNER) return new OwnershipMustBeOffered();
    if (await isOnlyOwner(tx.db, member)) return new LastOwner();

    await recordAudit(tx, {
      action: 'member.role-changed',
      communityId: member.communityId,
      subject: { type: 'Member', id: member.id },
      details: { from: member.role, to: role },
    });
    return changeMember(tx, member, { role });
  },
);
