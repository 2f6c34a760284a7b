import type { AccountId, CommunityId } from '@lyceum/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, OneToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';
import { Community } from '../communities/community.entity';

/** An account of a program: nobody can log in to it, and it belongs to a community. */
@Entity('service_account')
@Index('service_account_community', ['communityId'])
export class ServiceAccount {
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;

  @OneToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'service_account_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
  @ManyToOne(() => Community, { onDelete: 'CASCADE' })
  @JoinColumn({
    name: 'community_id',
    foreignKeyConstraintName: 'service_account_community_id_fkey',
  })
  community?: never; // declares the foreign key; never loaded
}
