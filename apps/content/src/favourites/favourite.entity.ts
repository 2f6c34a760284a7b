import type { CommunityId, MemberId, QuestionId } from '@lyceum/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Question } from '../questions/question.entity';

/** That a member follows a question, or did: the row stays, so that its versions go on. */
@Entity('favourite')
@Index('favourite_member', { synchronize: false }) // partial
export class Favourite {
  @PrimaryColumn('uuid', { name: 'question_id' }) questionId!: QuestionId;
  @PrimaryColumn('uuid', { name: 'member_id' }) memberId!: MemberId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('boolean', { name: 'is_favourite', default: true }) isFavourite!: boolean;
  @Column('int', { default: 1 }) version!: number;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;

  @ManyToOne(() => Question)
  @JoinColumn({ name: 'question_id', foreignKeyConstraintName: 'favourite_question_id_fkey' })
  questionKey?: never; // declares the foreign key; never loaded
}
