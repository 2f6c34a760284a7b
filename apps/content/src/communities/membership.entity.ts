import type { AccountId, CommunityId, MemberId, RoleName } from '@lyceum/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type Role = RoleName;

/** What identity last told of a membership: the highest version that arrived. */
@Entity('membership')
@Index('membership_account', ['accountId', 'communityId'])
export class Membership {
  @PrimaryColumn('uuid', { name: 'member_id' }) memberId!: MemberId;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('text') role!: Role;
  @Column('text') status!: 'active' | 'left' | 'banned';
  @Column('int') version!: number;
}
