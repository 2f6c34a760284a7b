import {
  isId,
  MemberJoined,
  MembershipChanged,
  newId,
  type AccountId,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import assert from 'node:assert';
import { lockCommunity } from '../communities/community.queries';
import type { Member, MemberStatus, Role } from './member.entity';
import { memberById } from './member.queries';

/**
 * The member, whatever its status, if the actor can see its community, which is locked first: all changes
 * of memberships take their locks in this order.
 */
export const lockMember = async (tx: Tx, id: MemberId): Promise<Member | null> => {
  const member = isId(id) ? await memberById(tx.db, id) : null;
  const community = member === null ? null : await lockCommunity(tx, member.communityId);
  return community === null ? null : memberById(tx.db, id);
};

/** A first membership. The caller has made sure that there is none yet. */
export const admit = async (
  tx: Tx,
  { accountId, communityId, role }: { accountId: AccountId; communityId: CommunityId; role: Role },
): Promise<Member> => {
  const memberId = newId<'Member'>();
  await tx.db.query(
    'INSERT INTO member (id, account_id, community_id, role, joined_at) VALUES ($1, $2, $3, $4, $5)',
    [memberId, accountId, communityId, role, tx.now],
  );
  await tx.emit(MemberJoined, { memberId, accountId, communityId });
  return tellChange(tx, memberId);
};

/** Moves a membership on, and tells everyone. The caller holds the community's lock. */
export const changeMember = async (
  tx: Tx,
  member: Member,
  to: { readonly role?: Role; readonly status?: MemberStatus },
): Promise<Member> => {
  await tx.db.query(
    'UPDATE member SET role = $2, status = $3, version = version + 1 WHERE id = $1',
    [member.id, to.role ?? member.role, to.status ?? member.status],
  );
  return tellChange(tx, member.id);
};

const tellChange = async (tx: Tx, memberId: MemberId): Promise<Member> => {
  const member = await memberById(tx.db, memberId);
  assert(member !== null, 'the member was just written');
  const { accountId, communityId, role, status, version } = member;
  await tx.emit(MembershipChanged, { memberId, accountId, communityId, role, status, version });
  return member;
};
