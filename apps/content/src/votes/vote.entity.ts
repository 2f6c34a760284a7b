import type { CommunityId, MemberId, VoteId } from '@lyceum/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { VotableType } from '../posts/post-type';

/** A member's vote on something. It stays when it is withdrawn, with value 0, so that its versions go on. */
@Entity('vote')
@Index('vote_one_a_member', { synchronize: false }) // partial
@Index('vote_voter', { synchronize: false }) // partial
export class Vote {
  @PrimaryColumn('uuid') id!: VoteId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('text', { name: 'target_type' }) targetType!: VotableType;
  @Column('uuid', { name: 'target_id' }) targetId!: string;
  /** Null for votes from a system that doesn't tell who voted. */
  @Column('uuid', { name: 'voter_id', nullable: true }) voterId!: MemberId | null;
  @Column('smallint') value!: -1 | 0 | 1;
  @Column('int', { default: 1 }) version!: number;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
}
