import type { AccountId, CommunityId, MemberId, RoleName } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';
import { Community } from '../communities/community.entity';

export const Role = {
  OWNER: 'owner',
  ADMIN: 'admin',
  MODERATOR: 'moderator',
  EXPERT: 'expert',
  LECTURER: 'lecturer',
  CONTRIBUTOR: 'contributor',
  ANALYST: 'analyst',
  MEMBER: 'member',
} as const satisfies Record<string, RoleName>;
export type Role = RoleName;
registerEnumType(Role, {
  name: 'Role',
  description: 'What a member may do in the community; docs/roles.md has the matrix.',
  valuesConfig: {
    OWNER: { description: 'Everything. There is one at all times.' },
    ADMIN: { description: 'Everything but what concerns owners and administrators.' },
    MODERATOR: { description: 'Keeps order among posts and members.' },
    EXPERT: { description: 'Known for what they know; may invite and propose.' },
    LECTURER: { description: 'Teaches; may invite and propose.' },
    CONTRIBUTOR: { description: 'Helps to run the community; may invite and propose.' },
    ANALYST: { description: 'Sees portraits and segments.' },
    MEMBER: { description: 'Takes part.' },
  },
});

export enum MemberStatus {
  ACTIVE = 'active',
  LEFT = 'left',
  BANNED = 'banned',
}
registerEnumType(MemberStatus, {
  name: 'MemberStatus',
  description: 'Whether it is a member now. Who is not stays the author of what it wrote.',
});

@Entity('member')
@Index('member_account_community', ['accountId', 'communityId'], { unique: true })
@Index('member_community_joined', { synchronize: false }) // partial
@Index('member_account_joined', { synchronize: false }) // partial
@Index('member_community_owner', { synchronize: false }) // partial
@Directive('@key(fields: "id")')
@ObjectType({ description: "An account's membership of one community; it outlives leaving." })
export class Member {
  @Field(() => ID) @PrimaryColumn('uuid') id!: MemberId;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Field(() => Role) @Column('text', { default: 'member' }) role!: Role;
  @Field(() => MemberStatus) @Column('text', { default: 'active' }) status!: MemberStatus;

  @Field(() => Date, { description: 'When the account first joined.' })
  @Column({ type: 'timestamptz', name: 'joined_at', precision: 3 })
  joinedAt!: Date;

  /** Grows with each change; orders MembershipChanged. */
  @Column('int', { default: 1 }) version!: number;

  /** Columns of the account, which every query of members joins. */
  @Field(() => String, { description: "The account's handle." }) handle!: string;
  @Field(() => String, { description: "The account's display name." }) displayName!: string;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'member_account_id_fkey' })
  accountKey?: never; // declares the foreign key; never loaded

  @ManyToOne(() => Community)
  @JoinColumn({ name: 'community_id', foreignKeyConstraintName: 'member_community_id_fkey' })
  communityKey?: never;
}
