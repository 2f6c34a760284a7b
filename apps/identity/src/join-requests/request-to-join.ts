import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase } from '@lyceum/platform';
import assert from 'node:assert';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { requireAccount } from '../accounts/account.queries';
import { CommunityVisibility } from '../communities/community.entity';
import { CommunityInArchive, CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { endBanInTime } from '../memberships/ban-member';
import { MemberStatus } from '../memberships/member.entity';
import { MemberBanned } from '../memberships/member.errors';
import { memberOf } from '../memberships/member.queries';
import { parsePlainText } from '../text';
import { joinRequestById, lastJoinRequest } from './join-request.queries';
import {
  DeclinedRecently,
  JoinRequest,
  JoinRequestNotFound,
  JoinRequestState,
  NoApprovalNeeded,
} from './join-request.type';

@InputType({ description: 'Which listed community one would like to join.' })
export class RequestToJoinInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String, { defaultValue: '', description: 'At most 2000 characters.' })
  message!: string;
}

export const RequestToJoinResult = createUnionType({
  name: 'RequestToJoinResult',
  types: () =>
    [
      JoinRequest,
      CommunityNotFound,
      CommunityInArchive,
      NoApprovalNeeded,
      MemberBanned,
      DeclinedRecently,
    ] as const,
});
export type RequestToJoinOutcome =
  | JoinRequest
  | CommunityNotFound
  | CommunityInArchive
  | NoApprovalNeeded
  | MemberBanned
  | DeclinedRecently;

const retryAfterMs = 7 * 86_400_000;

/** Asking while a request waits answers that request; after a refusal one may ask again in a week. */
export const requestToJoin = useCase(
  async (tx, { communityId, message }: RequestToJoinInput): Promise<RequestToJoinOutcome> => {
    const accountId = await requireAccount(tx);
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    if (community.archivedAt !== null) return new CommunityInArchive();
    const known = await memberOf(tx.db, { communityId, accountId });
    const member = known === null ? null : await endBanInTime(tx, known);
    if (member?.status === MemberStatus.BANNED) return new MemberBanned();
    const isInside = member?.status === MemberStatus.ACTIVE;
    if (isInside || community.visibility === CommunityVisibility.PUBLIC)
      return new NoApprovalNeeded();
    const last = await lastJoinRequest(tx.db, { communityId, accountId });
    if (last?.state === JoinRequestState.PENDING) return last;
    const retryAt = new Date((last?.decidedAt?.getTime() ?? 0) + retryAfterMs);
    if (last?.state === JoinRequestState.DECLINED && retryAt > tx.now)
      return new DeclinedRecently(retryAt);

    const id = newId<'JoinRequest'>();
    await tx.db.query(
      `INSERT INTO join_request (id, community_id, account_id, message, requested_at) VALUES ($1, $2, $3, $4, $5)`,
      [id, communityId, accountId, parsePlainText('message', message, { max: 2_000 }), tx.now],
    );
    const request = await joinRequestById(tx.db, id);
    assert(request !== null, 'the request was just written');
    return request;
  },
);

@InputType({ description: 'Which of the own requests to take back.' })
export class WithdrawJoinRequestInput {
  @Field(() => ID) requestId!: string;
}

export const WithdrawJoinRequestResult = createUnionType({
  name: 'WithdrawJoinRequestResult',
  types: () => [JoinRequest, JoinRequestNotFound] as const,
});
export type WithdrawJoinRequestOutcome = JoinRequest | JoinRequestNotFound;

export const withdrawJoinRequest = useCase(
  async (tx, { requestId }: WithdrawJoinRequestInput): Promise<WithdrawJoinRequestOutcome> => {
    const request = await joinRequestById(tx.db, requestId);
    if (request?.accountId !== requireUser(tx).accountId) return new JoinRequestNotFound();
    if (request.state !== JoinRequestState.PENDING) return new JoinRequestNotFound();

    request.state = JoinRequestState.WITHDRAWN;
    request.decidedAt = tx.now;
    await tx.db.query('UPDATE join_request SET state = $2, decided_at = $3 WHERE id = $1', [
      request.id,
      request.state,
      tx.now,
    ]);
    return request;
  },
);
