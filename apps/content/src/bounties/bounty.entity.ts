import type { AnswerId, BountyId, CommunityId, MemberId, QuestionId } from '@lyceum/contracts';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Question } from '../questions/question.entity';

@Entity('bounty')
@Index('bounty_question', ['questionId', 'offeredAt'])
@Index('bounty_offerer', ['offererId', 'offeredAt'])
@Index('bounty_open', { synchronize: false }) // partial
@Index('bounty_expiring', { synchronize: false }) // partial
@ObjectType({ description: 'Points that a member gave away for a good answer.' })
export class Bounty {
  @Field(() => ID) @PrimaryColumn('uuid') id!: BountyId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('uuid', { name: 'question_id' }) questionId!: QuestionId;
  @Column('uuid', { name: 'offerer_id', nullable: true }) offererId!: MemberId | null;
  @Field(() => Int) @Column('int') amount!: number;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'offered_at', precision: 3 })
  offeredAt!: Date;

  /** Null for bounties from another system, which this one doesn't end. */
  @Field(() => Date, { nullable: true, description: 'When it ends by itself.' })
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it can be won.' })
  @Column({ type: 'timestamptz', name: 'closed_at', precision: 3, nullable: true })
  closedAt!: Date | null;

  @Column('uuid', { name: 'awarded_answer_id', nullable: true }) awardedAnswerId!: AnswerId | null;

  @Field(() => Int, {
    nullable: true,
    description: "What the answer's author received: half of the amount when nobody chose.",
  })
  @Column('int', { name: 'awarded_amount', nullable: true })
  awardedAmount!: number | null;

  @ManyToOne(() => Question)
  @JoinColumn({ name: 'question_id', foreignKeyConstraintName: 'bounty_question_id_fkey' })
  questionKey?: never; // declares the foreign key; never loaded
}
