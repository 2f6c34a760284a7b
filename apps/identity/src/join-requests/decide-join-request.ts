import { may } from '@lyceum/contracts';
import { forbidden, requireUser, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { lockCommunity } from '../communities/community.queries';
import { MemberStatus, Role } from '../memberships/member.entity';
import { MemberBanned } from '../memberships/member.errors';
import { memberOf, ownRole } from '../memberships/member.queries';
import { admit, changeMember } from '../memberships/member.writes';
import { parsePlainText } from '../text';
import { joinRequestById } from './join-request.queries';
import { JoinRequest, JoinRequestNotFound, JoinRequestState } from './join-request.type';

@InputType({ description: 'What becomes of a request, and why.' })
export class DecideJoinRequestInput {
  @Field(() => ID) requestId!: string;
  @Field(() => Boolean) isApproved!: boolean;
  @Field(() => String, { nullable: true, description: 'Kept in the audit log; 1000 characters.' })
  reason?: string | null;
}

export const DecideJoinRequestResult = createUnionType({
  name: 'DecideJoinRequestResult',
  types: () => [JoinRequest, JoinRequestNotFound, MemberBanned] as const,
});
export type DecideJoinRequestOutcome = JoinRequest | JoinRequestNotFound | MemberBanned;

/** Who is approved is a member at once. Of two who decide at once, the second finds nothing that waits. */
export const decideJoinRequest = useCase(
  async (tx, input: DecideJoinRequestInput): Promise<DecideJoinRequestOutcome> => {
    const request = await joinRequestById(tx.db, input.requestId);
    if (request === null) return new JoinRequestNotFound();
    const community = await lockCommunity(tx, request.communityId);
    if (community === null) return new JoinRequestNotFound();
    if (!may(await ownRole(tx, request.communityId), 'members.admit')) throw forbidden();
    if (request.state !== JoinRequestState.PENDING) return new JoinRequestNotFound();

    if (input.isApproved && !(await letIn(tx, request))) return new MemberBanned();
    request.state = input.isApproved ? JoinRequestState.APPROVED : JoinRequestState.DECLINED;
    request.decidedAt = tx.now;
    await tx.db.query(
      'UPDATE join_request SET state = $2, decided_at = $3, decided_by = $4 WHERE id = $1',
      [request.id, request.state, tx.now, requireUser(tx).accountId],
    );
    await recordAudit(tx, {
      action: input.isApproved ? 'join-request.approved' : 'join-request.declined',
      communityId: request.communityId,
      subject: { type: 'JoinRequest', id: request.id },
      reason: parsePlainText('reason', input.reason ?? '', { max: 1_000 }),
    });
    return request;
  },
);

const letIn = async (tx: Tx, { communityId, accountId }: JoinRequest): Promise<boolean> => {
  const member = await memberOf(tx.db, { communityId, accountId });
  if (member?.status === MemberStatus.BANNED) return false;
  if (member === null) await admit(tx, { accountId, communityId, role: Role.MEMBER });
  else if (member.status === MemberStatus.LEFT)
    await changeMember(tx, member, { status: MemberStatus.ACTIVE });
  return true;
};
